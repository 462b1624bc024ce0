import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { findFreePort, launchProduct, type LaunchedProduct } from './support/launch.ts';

let product: LaunchedProduct | undefined;
let home: string;
afterEach(async () => {
  await product?.stop();
  await rm(home, { recursive: true, force: true });
});

it('npm start is ready without a media server, builds it meanwhile, and then uses it', async (context) => {
  const program = requireMediaServer(context);
  home = await mkdtemp(join(tmpdir(), 'auralink-home-'));
  // Replaces Go, which builds for minutes.
  const tools = join(home, 'tools');
  await mkdir(tools);
  const go = `#!/bin/sh\nwhile [ ! -e ${home}/enough ]; do sleep 0.1; done\ncp ${program} "$GOBIN/server"\n`;
  await writeFile(join(tools, 'go'), go);
  await chmod(join(tools, 'go'), 0o755);

  const path = (process.env.PATH ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules') && !existsSync(join(folder, 'livekit-server')));
  const port = await findFreePort();
  const env = { HOME: home, PATH: [tools, ...path].join(':') };
  product = launchProduct({ port, dir: join(home, 'data'), env });
  const { liveKit } = await product.ready();
  expect(liveKit).toBe(`ws://localhost:${port + 4}`);
  expect(product.output()).toContain('LiveKit is being built, once for this machine');

  await writeFile(join(home, 'enough'), '');
  await expect.poll(product.output).toContain('LiveKit is built and running');
  expect((await fetch(`http://127.0.0.1:${port + 4}`)).status).toBe(200);
  expect(await product.stop('SIGINT')).toBe(0);
});
