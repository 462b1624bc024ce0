import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../../../workers/local/child-process.ts';
import { liveKitFolder } from '../../../workers/local/livekit.ts';
import { freeTcpPort } from '../livekit/server.ts';

export const VERSION = 'v1.8.0';
const READY_WITHIN_MS = 60_000;

type Env = Record<string, string | undefined>;

export const versitygwProgram = (env?: Env): string => join(liveKitFolder(env), `versitygw-${VERSION}`);
/** Undefined until it is built. */
export const findVersitygw = (env?: Env): string | undefined =>
  existsSync(versitygwProgram(env)) ? versitygwProgram(env) : undefined;

/** An S3-compatible server that is not ours, with one bucket, over a folder. @throws when it is not built, or does not answer in time */
export async function startVersitygw({ bucket = 'northwind-calls' } = {}) {
  const program = findVersitygw();
  if (program === undefined) throw new Error('no versitygw: npm run versitygw:install');
  const folder = await mkdtemp(join(tmpdir(), 'auralink-versitygw-'));
  const [buckets, about] = [join(folder, 'buckets'), join(folder, 'about')];
  await mkdir(join(buckets, bucket), { recursive: true });
  await mkdir(about);
  const port = await freeTcpPort();
  const key = { accessKeyId: 'AKIAVERSITY', secretAccessKey: 'the/secret+of+versitygw+here' };
  const lines: string[] = [];
  const child = startChild({
    name: 'versitygw',
    command: program,
    args: ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', about, buckets],
    cwd: folder,
    env: { ...process.env, ROOT_ACCESS_KEY: key.accessKeyId, ROOT_SECRET_KEY: key.secretAccessKey },
    onLine: (line) => lines.push(line),
  });
  const close = async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  let reason: string | undefined;
  void child.exited.then((ended) => (reason = ended));
  const deadline = performance.now() + READY_WITHIN_MS;
  while (
    !(await fetch(endpoint).then(
      (answer) => answer.text(),
      () => undefined,
    ))
  ) {
    if (reason !== undefined || performance.now() > deadline) {
      await close();
      throw new Error(`versitygw ${reason ?? 'did not answer'}: ${lines.join('\n')}`);
    }
    await sleep(50);
  }
  return { endpoint, bucket, folder: join(buckets, bucket), ...key, close };
}
