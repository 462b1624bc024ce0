import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireFreePorts } from '../../workers/local/ports.ts';
import { createApiClient } from './support/api-client.ts';
import {
  findFreePort,
  launchProduct,
  type LaunchedProduct,
  listProcessesMentioning,
  ROOT,
  type StartupInfo,
} from './support/launch.ts';

const run = promisify(execFile);
/** 30 s are promised for a machine with nothing else to do; here other tests and builds may run beside it. */
const READY_WITHIN_MS = 90_000;

let port: number;
let dir: string;
const running = new Set<LaunchedProduct>();

function start(options: Partial<Parameters<typeof launchProduct>[0]> = {}): LaunchedProduct {
  const product = launchProduct({ port, dir, ...options });
  running.add(product);
  void product.exited.then(() => running.delete(product));
  return product;
}

/** The lines of a failed start, without what npm adds. */
async function readErrorLines(product: LaunchedProduct): Promise<string[]> {
  expect(await product.exited).not.toBe(0);
  return product
    .errorOutput()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('npm '));
}

const whoAmI = ({ api, apiKey }: StartupInfo, key = apiKey) =>
  createApiClient(api).send('GET', '/api/v1/auth/whoami', { token: key });

beforeEach(async () => {
  port = await findFreePort();
  dir = await mkdtemp(join(tmpdir(), 'auralink-start-'));
});
afterEach(async () => {
  await Promise.all([...running].map((product) => product.stop()));
  await rm(dir, { recursive: true, force: true });
});

describe('npm start', () => {
  it('is ready, stops at SIGTERM, keeps its data, and starts empty with --fresh', async () => {
    const startedAt = performance.now();
    const first = start();
    const table = await first.ready();
    expect(performance.now() - startedAt).toBeLessThan(READY_WITHIN_MS);

    expect(table).toMatchObject({
      api: `http://localhost:${port}`,
      docs: `http://localhost:${port}/docs`,
      mails: `http://localhost:${port + 1}`,
      user: 'demo@auralink.localhost',
    });
    expect(table.database).toContain('PGlite');
    expect(table.liveKit).toMatch(/^(not found|ws:\/\/)/);
    expect((await fetch(table.docs)).status).toBe(200);
    expect((await fetch(table.mails)).status).toBe(200);
    const holder = await whoAmI(table);
    expect(holder.status).toBe(200);
    for (const name of await readdir(dir, { recursive: true }))
      expect((await stat(join(dir, name))).mode & 0o077, name).toBe(0);

    expect(await readErrorLines(start())).toEqual([
      expect.stringMatching(new RegExp(`port ${port} \\(api\\) is taken`)),
    ]);
    expect(await readErrorLines(start({ port: await findFreePort() }))).toEqual([
      expect.stringMatching(/process \d+ is using /),
    ]);

    expect(await first.stop('SIGTERM')).toBe(0);
    await requireFreePorts(first.ports);
    expect(await listProcessesMentioning(dir)).toEqual([]);

    const second = start();
    const restartedInfo = await second.ready();
    expect(restartedInfo).toEqual(table);
    expect((await whoAmI(restartedInfo)).body).toEqual(holder.body);
    // Ctrl-C in a terminal reaches the launcher directly and, passed on by npm, once more.
    process.kill(Number(await readFile(join(dir, 'lock'), 'utf8')), 'SIGINT');
    expect(await second.stop('SIGINT')).toBe(0);
    expect(existsSync(join(dir, 'lock'))).toBe(false);
    await requireFreePorts(second.ports);

    const fresh = start({ args: ['--fresh'] });
    const freshInfo = await fresh.ready();
    expect(freshInfo.apiKey).not.toBe(table.apiKey);
    expect((await whoAmI(freshInfo, table.apiKey)).status).toBe(401);

    // Even when it cannot clean up.
    const launcher = Number(await readFile(join(dir, 'lock'), 'utf8'));
    process.kill(launcher, 'SIGKILL');
    await fresh.exited;
    await expect.poll(() => listProcessesMentioning(dir)).toEqual([]);
    const recovered = start();
    expect((await whoAmI(await recovered.ready(), freshInfo.apiKey)).status).toBe(200);
  }, 300_000);

  it('answers again after its runtime processes were killed, and ends with one line when a part of it exits', async () => {
    const product = start();
    const info = await product.ready();
    const runtimes = (await listProcessesMentioning(`127.0.0.1:${port}`)).filter(({ command }) =>
      command.includes('workerd'),
    );
    expect(runtimes.length).toBeGreaterThan(0);
    for (const { pid } of runtimes) process.kill(pid, 'SIGKILL');
    await expect.poll(() => product.output(), { timeout: 60_000 }).toContain('the Worker is started again');
    await expect.poll(() => product.output(), { timeout: 60_000 }).toContain('the Worker answers again');
    expect((await whoAmI(info)).status).toBe(200);

    const worker = (await listProcessesMentioning(dir)).find(({ command }) =>
      /node\S* .*serve-worker\.ts /.test(command),
    )!;
    process.kill(worker.pid, 'SIGKILL');
    expect((await readErrorLines(product)).at(-1)).toMatch(/the Worker .*; everything is stopped/);
    await requireFreePorts(product.ports);
  }, 180_000);
});

describe('npm start ends with one clear line', () => {
  it('when a secret is too weak', async () => {
    await writeFile(join(dir, 'secrets.json'), JSON.stringify({ HASH_PEPPER: 'short' }));
    const product = start();
    expect(await readErrorLines(product)).toEqual([
      'auralink: configuration is not valid: HASH_PEPPER: must be at least 32 random bytes in base64url',
    ]);
  }, 60_000);

  it('when a migration is broken', async () => {
    const copy = join(dir, 'checkout');
    await mkdir(copy);
    for (const name of ['src', 'workers', 'durable-objects', 'migrations', 'package.json', 'wrangler.toml'])
      await cp(join(ROOT, name), join(copy, name), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await writeFile(join(copy, 'migrations/0001_tenant_policies.sql'), 'select * from nowhere;');
    const product = start({ root: copy });
    expect(await readErrorLines(product)).toEqual([
      'auralink: migration 0001_tenant_policies failed: relation "nowhere" does not exist; nothing was applied',
    ]);
  }, 60_000);

  it('when the database cannot be reached', async () => {
    const product = start({
      env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' },
    });
    expect(await readErrorLines(product)).toEqual([
      expect.stringMatching(/the database that DATABASE_URL names cannot be opened: .*ECONNREFUSED/),
    ]);
  }, 60_000);

  it('when PORT or an option is wrong', async () => {
    const wrongPort = start({ env: { PORT: 'http' } });
    expect(await readErrorLines(wrongPort)).toEqual([expect.stringMatching(/PORT must be a number/)]);
    const option = start({ args: ['--frehs'] });
    expect(await readErrorLines(option)).toEqual([expect.stringMatching(/Unknown option '--frehs'/)]);
  });

  it('when Node is too old', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } });`;
    const file = join(dir, 'old-node.cjs');
    await writeFile(file, old);
    const failure = await run(process.execPath, [
      '-r',
      file,
      '-r',
      join(ROOT, 'workers/local/require-node.cjs'),
      '-e',
      '',
    ])
      .then(() => undefined)
      .catch((error: { stderr: string }) => error.stderr);
    expect(failure).toMatch(/^auralink: needs Node 24 or later, .*\n$/);
  });
});
