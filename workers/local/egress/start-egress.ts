import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../child-process.ts';
import { CommandError } from '../command-error.ts';
import { writePrivateJson } from '../json-files.ts';
import type { RedisAddress } from './start-redis.ts';
import { RECORDER } from './program.ts';

export interface EgressOptions {
  redis: RedisAddress;
  /** Where recorders connect to LiveKit, `ws://…`, and its keys. */
  url: string;
  apiKey: string;
  apiSecret: string;
  /** Folder of its configuration, and of recordings that are not uploaded. */
  dataDir: string;
  /** Where senders of ingresses connect by RTMP: `127.0.0.1:8798`. */
  rtmpAddress: string;
  /** And by WHIP. */
  whipAddress: string;
  /** Where telephones call in: see `worker/callin.go`. */
  callsAddress: string;
  /** How every recording goes wrong: see `worker/faults.go`. */
  fault?: string;
  /** Seconds that a recording may last. */
  maxSeconds?: number;
  /** The largest size and rate of pictures; without it those of the request. */
  picture?: { width: number; height: number; frameRate: number };
  onLine: (line: string) => void;
}

const READY_WITHIN_MS = 20_000;

/** Starts the stand-in for LiveKit's egress, ingress and SIP. @throws CommandError when it is not ready in time */
export async function startEgress(program: string, options: EgressOptions): Promise<Child> {
  const { dataDir, onLine, ...settings } = options;
  const folder = join(dataDir, 'recordings');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'egress.json');
  const [recorder, publisher, phone] = ['record.ts', 'publish.ts', 'phone.ts'].map((script) => [
    process.execPath,
    '--no-warnings',
    join(RECORDER, script),
  ]);
  await writePrivateJson(file, { ...settings, folder, recorder, publisher, phone });
  const ready = Promise.withResolvers<void>();
  const child = startChild({
    name: 'egress',
    command: program,
    args: [file],
    cwd: dataDir,
    env: process.env,
    onLine(line) {
      if (line === 'ready') ready.resolve();
      else onLine(line);
    },
  });
  const ended = child.exited.then((exitReason) => {
    throw new CommandError(`egress ${exitReason} before it was ready`);
  });
  const tooLate = sleep(READY_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new CommandError(`egress was not ready within ${READY_WITHIN_MS / 1000} s`);
  });
  try {
    await Promise.race([ready.promise, ended, tooLate]);
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    for (const late of [ended, tooLate]) late.catch(() => undefined); // after the start others watch `exited`
  }
  return child;
}
