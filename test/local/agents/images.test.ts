import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { collectImageFiles, type ImageFiles } from '../../support/image-files.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(dockerfile: string, env: Record<string, string>) {
  const image = await collectImageFiles(dockerfile);
  closers.push(() => rm(image.folder, { recursive: true }));
  const child = run(image, env);
  const ended = once(child, 'exit');
  /** What comes first. @throws when the process ends before */
  const before = <T>(awaited: Promise<T>): Promise<T> =>
    Promise.race([awaited, ended.then(([code]) => Promise.reject(new Error(`it ended with ${code}`)))]);
  const end = async () => {
    child.kill('SIGTERM');
    return (await ended)[0] as number | null;
  };
  return { image, child, before, end };
}

function run({ command, folder, variables }: ImageFiles, env: Record<string, string>) {
  const [program, ...args] = command;
  expect(program).toBe('node');
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...variables, ...env } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closers.push(() => child.kill('SIGKILL'));
  return child;
}

const SPEECH = { SPEECH_URL: 'http://127.0.0.1:9', SPEECH_SECRET: 'none' };
const SECRET = 'images-'.repeat(6);

it('what the Dockerfile of the agents copies is all that the process needs to ask for agents, and to end', async () => {
  const server = createServer((_request, response) => response.end('{"start":[],"stop":[]}')).listen(0);
  closers.push(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const asked = once(server, 'request');
  const { image, before, end } = await start('workers/agents/Dockerfile', {
    ...SPEECH,
    PRODUCT_URL: url,
    AGENTS_SECRET: SECRET,
  });
  const [request] = await before(asked);
  expect(request).toMatchObject({ url: '/agents/poll', headers: { authorization: `Bearer ${SECRET}` } });
  expect(image.user).toBe('65534:65534');
  expect(await end()).toBe(0);
});

it('what the Dockerfile of the captions copies is all that the process needs to answer, and to end', async () => {
  const { image, child, before, end } = await start('workers/captions/Dockerfile', {
    ...SPEECH,
    CAPTIONS_SECRET: SECRET,
    CAPTIONS_HOST: '127.0.0.1',
    CAPTIONS_PORT: '0',
  });
  const [line] = await before(once(child.stdout, 'data'));
  expect(String(line)).toContain('captions listen');
  expect(image.user).toBe('65534:65534');
  expect(await end()).toBe(0);
});

it('the media client of the images is the one that is tested here', async () => {
  const read = async (file: string) =>
    JSON.parse(await readFile(join(import.meta.dirname, '../../..', file), 'utf8')).packages;
  const [tested, ofImages] = [
    await read('package-lock.json'),
    await read('workers/agents/package-lock.json'),
  ];
  for (const name of ['rtc-node', 'rtc-ffi-bindings', 'rtc-ffi-bindings-linux-x64-gnu']) {
    const key = `node_modules/@livekit/${name}`;
    expect(ofImages[key].integrity).toBe(tested[key].integrity);
  }
});
