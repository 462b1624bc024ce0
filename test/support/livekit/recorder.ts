import { execFile } from 'node:child_process';
import { join } from 'node:path';
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
