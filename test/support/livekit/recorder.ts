import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { findEgress, RECORDER } from '../../../workers/local/egress/program.ts';
import { findRedis } from '../../../workers/local/egress/start-redis.ts';
import { requireMediaServer } from './server.ts';

/** Without a media server and a recorder the test is skipped with a reason; in CI, which must have both, it fails. */
export function requireRecorder(context: Pick<TestContext, 'skip'>): void {
  requireMediaServer(context);
  if (findRedis() !== undefined && findEgress() !== undefined) return;
  const reason = 'no recorder: apt-get install redis-server, and npm run egress:install';
  if (process.env.CI) throw new Error(reason);
  context.skip(reason);
}

/** What is in a file that was decoded from beginning to end; see `recorder/probe.ts`. */
export interface ProbedFile {
  seconds: number;
  streams: {
    codec: string;
    seconds: number;
    frames: number;
    width: number;
    height: number;
    changes: number;
    peak: number;
    hertz: number;
  }[];
}

/** Decodes a whole file in a process of its own. @throws when it does not play */
export async function probeFile(file: string): Promise<ProbedFile> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    join(RECORDER, 'probe.ts'),
    file,
  ]);
  return JSON.parse(stdout) as ProbedFile;
}

const LISTENING = '0A';
const isListening = async (port: number): Promise<boolean> => {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((row) => row.trim().split(/\s+/));
  return rows.some(([, local, , state]) => local === address && state === LISTENING);
};

/**
 * Receives one stream by RTMP or SRT in a process of its own, and writes it to a file. It is ready when this resolves.
 * @returns `ended`, which resolves when the sender has ended and throws when nothing could be received; and `stop`
 */
export async function receiveStream(address: string, file: string) {
  const controller = new AbortController();
  const script = join(RECORDER, 'receive.ts');
  const ended = promisify(execFile)(process.execPath, ['--no-warnings', script, address, file], {
    signal: controller.signal,
  });
  let isOver = false;
  ended.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  // A connection would be taken for the sender, so this searches the sockets of this machine. SRT waits for it: the
  // sender tries again until it is there.
  while (!address.startsWith('srt:') && !(await isListening(Number(new URL(address).port)))) {
    if (isOver) await ended;
    await sleep(50);
  }
  return { ended, stop: () => controller.abort() };
}
