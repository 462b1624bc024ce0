import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError } from './command-error.ts';
import { DEFAULT_PORT } from './ports.ts';
import { makePrivate } from './private-files.ts';

/** The files of a copy in its data directory; `--fresh` removes these and nothing else. */
const DATA_ENTRIES = [
  'database',
  'demo.json',
  'egress.json',
  'livekit.yaml',
  'logs',
  'secrets.json',
  'speech',
  'storage',
  'stripe.json',
  'stripe.json.new',
  'paddle.json',
  'paddle.json.new',
  'recordings',
  'redis.conf',
  'worker',
  'worker.env',
  'wrangler-logs',
  'wrangler-registry',
];
const LOCK = 'lock';

/** Where a copy keeps its data: AURALINK_DIR, or a folder of its own for each port, so that two copies never share one. */
export function resolveDataDir(root: string, port: number, chosen: string | undefined): string {
  if (chosen) return resolve(chosen);
  return join(root, port === DEFAULT_PORT ? '.auralink' : `.auralink-${port}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The running process that holds the lock; undefined for none. */
export async function findLockHolder(lock: string): Promise<number | undefined> {
  try {
    const pid = Number(await readFile(lock, 'utf8'));
    return pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined; // no lock, no holder
  }
}

/**
 * Takes the data directory for this process: the embedded database has one user at a time. What is in it becomes readable
 * by its owner only.
 * @returns a function that releases it
 * @throws CommandError when a running copy has it
 */
export async function lockDataDir(dir: string, { fresh }: { fresh: boolean }): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const lock = join(dir, LOCK);
  const holder = await findLockHolder(lock);
  if (holder !== undefined)
    throw new CommandError(
      `process ${holder} is using ${dir}; stop it, choose another folder with AURALINK_DIR, or delete ${lock} if it is no copy of AuraLink`,
    );
  if (fresh) for (const name of DATA_ENTRIES) await rm(join(dir, name), { recursive: true, force: true });
  await makePrivate(dir);
  await writeFile(lock, String(process.pid), { mode: 0o600 });
  return () => rm(lock, { force: true });
}
