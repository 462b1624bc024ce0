import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../child-process.ts';
import { CommandError } from '../command-error.ts';

/** How LiveKit and its egress find each other. */
export interface RedisAddress {
  /** `host:port`. */
  address: string;
  password: string;
}

export interface RedisOptions {
  port: number;
  password: string;
  /** Folder of its configuration and its log. */
  dataDir: string;
  onLine: (line: string) => void;
}

const READY_WITHIN_MS = 10_000;
const LOG_FILE = 'redis.log';

type Env = Record<string, string | undefined>;

/** The Redis server on PATH; undefined when there is none. */
export const findRedis = (env: Env = process.env): string | undefined =>
  [...(env.PATH ?? '').split(delimiter), '/usr/bin']
    .map((folder) => join(folder, 'redis-server'))
    .find((file) => existsSync(file));

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('connect', () => socket.destroy());
  });

/** Starts Redis on this machine alone; it keeps nothing on disk. @throws CommandError when it is not ready in time */
export async function startRedis(
  program: string,
  { port, password, dataDir, onLine }: RedisOptions,
): Promise<{ child: Child; redis: RedisAddress }> {
  const file = join(dataDir, 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'daemonize no',
    // It greets as loudly as it warns.
    `logfile "${join(dataDir, LOG_FILE)}"`,
    'loglevel warning',
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  const child = startChild({
    name: 'Redis',
    command: program,
    args: [file],
    cwd: dataDir,
    env: process.env,
    onLine,
  });
  let endReason: string | undefined;
  void child.exited.then((exitReason) => (endReason = exitReason));
  for (const end = Date.now() + READY_WITHIN_MS; !(await isListening(port)); await sleep(50)) {
    const isLate = Date.now() > end;
    if (endReason === undefined && !isLate) continue;
    await child.stop();
    throw new CommandError(
      isLate ? 'Redis did not answer in time' : `Redis ${endReason} before it was ready; see ${LOG_FILE}`,
    );
  }
  return { child, redis: { address: `127.0.0.1:${port}`, password } };
}
