import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCompression } from '../../workers/local/compression.ts';
import { findSpeechTools } from '../../workers/local/speech.ts';
import { requireFreePorts } from '../../workers/local/ports.ts';
import { type ApiResponse, createApiClient } from './support/api-client.ts';
import { uploadOverCuts } from './support/cut-uploads.ts';
import {
  findFreePort,
  type LaunchedProduct,
  listProcessesMentioning,
  type StartupInfo,
} from './support/launch.ts';
import { createOwnProduct, type OwnProduct, readErrorLines } from './support/own-product.ts';

/** 30 s are promised for a machine with nothing else to do; here other tests and builds may run beside it. */
const READY_WITHIN_MS = 90_000;

/** `npm run bench -- uploads` has more of them. */
const UPLOADS = 6;

const whoAmI = ({ api, apiKey }: StartupInfo, key = apiKey) =>
  createApiClient(api).send('GET', '/api/v1/auth/whoami', { token: key });

const isAnswering = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

let own: OwnProduct;
let product: LaunchedProduct;
let table: StartupInfo;
let holder: ApiResponse;

// Where it is not installed it would be, for all tests and into the cache of this machine.
const hasSpeech = findSpeechTools({ ...process.env, SPEECH_URL: undefined }).isInstalled;
const speech = hasSpeech ? { SPEECH_URL: undefined } : {};

const start = async (args: string[] = []) => {
  product = own.start({ args, env: { COMPRESSION_URL: undefined, ...speech } });
  return product.ready();
};
const readLauncherPid = async () => Number(await readFile(join(own.dir, 'lock'), 'utf8'));

beforeAll(async () => {
  own = await createOwnProduct();
});
afterAll(() => own.close());

// Each test continues with what the one before has started or stopped.
describe('npm start', { shuffle: false, timeout: 180_000 }, () => {
  it('is ready in time, prints where everything is, and writes what its owner alone may read', async () => {
    const startedAt = performance.now();
    table = await start();
    const readyAfterMs = performance.now() - startedAt;
    expect(table).toMatchObject({
      api: `http://localhost:${own.port}`,
      docs: `http://localhost:${own.port}/docs`,
      mails: `http://localhost:${own.port + 1}`,
      user: 'demo@auralink.localhost',
    });
    expect(table.database).toContain('PGlite');
    expect(table.liveKit).toMatch(/^(not found|ws:\/\/)/);
    expect(table.compression).toMatch(
      hasCompression({}) ? `http://localhost:${own.port + 9}` : 'none: not installed',
    );
    if (hasCompression({})) await expect.poll(() => isAnswering(`${table.compression}/ready`)).toBe(true);
    expect(table.speech).toBe(hasSpeech ? `http://localhost:${own.port + 13}` : 'none: SPEECH_URL is empty');
    if (hasSpeech) await expect.poll(() => isAnswering(`${table.speech}/ready`)).toBe(true);
    expect((await fetch(table.docs)).status).toBe(200);
    expect((await fetch(table.mails)).status).toBe(200);
    holder = await whoAmI(table);
    expect(holder.status).toBe(200);
    for (const name of await readdir(own.dir, { recursive: true }))
      expect((await stat(join(own.dir, name))).mode & 0o077, name).toBe(0);
    expect(readyAfterMs).toBeLessThan(READY_WITHIN_MS);
  });

  it('does not start on a port that is taken, nor on data that a process is using', async () => {
    expect(await readErrorLines(own.start())).toEqual([
      expect.stringMatching(new RegExp(`port ${own.port} \\(api\\) is taken`)),
    ]);
    expect(await readErrorLines(own.start({ port: await findFreePort() }))).toEqual([
      expect.stringMatching(/process \d+ is using /),
    ]);
  });

  it('stops at SIGTERM with all its processes, and keeps its data', async () => {
    expect(await product.stop('SIGTERM')).toBe(0);
    await requireFreePorts(product.ports);
    expect(await listProcessesMentioning(own.dir)).toEqual([]);
    const restartedInfo = await start();
    expect(restartedInfo).toEqual(table);
    expect((await whoAmI(restartedInfo)).body).toEqual(holder.body);
  });

  it('stops once at Ctrl-C, which reaches the launcher directly and, passed on by npm, once more', async () => {
    process.kill(await readLauncherPid(), 'SIGINT');
    expect(await product.stop('SIGINT')).toBe(0);
    expect(existsSync(join(own.dir, 'lock'))).toBe(false);
    await requireFreePorts(product.ports);
  });

  it('starts empty with --fresh', async () => {
    const freshInfo = await start(['--fresh']);
    expect(freshInfo.apiKey).not.toBe(table.apiKey);
    expect((await whoAmI(freshInfo, table.apiKey)).status).toBe(401);
    table = freshInfo;
  });

  it('leaves no process behind when it is killed, and keeps its data', async () => {
    process.kill(await readLauncherPid(), 'SIGKILL');
    await product.exited;
    await expect.poll(() => listProcessesMentioning(own.dir)).toEqual([]);
    expect((await whoAmI(await start(), table.apiKey)).status).toBe(200);
  });

  it('answers again after its runtime processes were killed, and uploads that were under way are whole', async () => {
    const { OPERATOR_TOKEN } = JSON.parse(await readFile(join(own.dir, 'secrets.json'), 'utf8'));
    const options = { port: own.port, operatorToken: OPERATOR_TOKEN as string, count: UPLOADS, kills: 1 };
    const { sentBytes, ...outcome } = await uploadOverCuts(options);
    expect(outcome).toMatchObject({ whole: UPLOADS, heldFiles: UPLOADS, heldBytes: sentBytes, killed: 1 });
    expect(outcome.cuts).toBeGreaterThan(0);
    expect(product.output()).toContain('the Worker is started again');
    await expect.poll(() => product.output(), { timeout: 60_000 }).toContain('the Worker answers again');
    // Objects that were killed, too, are loaded by the first requests, which may be asked to come again.
    await expect.poll(async () => (await whoAmI(table)).status, { timeout: 30_000 }).toBe(200);
  });

  it('ends with one line when a part of it exits', async () => {
    const worker = (await listProcessesMentioning(own.dir)).find(({ command }) =>
      /node\S* .*serve-worker\.ts /.test(command),
    )!;
    process.kill(worker.pid, 'SIGKILL');
    expect((await readErrorLines(product)).at(-1)).toMatch(/the Worker .*; everything is stopped/);
    await requireFreePorts(product.ports);
  });
});
