/**
 * `npm run db:generate -- --name <what> [--custom]`: writes the next migration from the tables, then deletes the
 * snapshots before the newest, with which Drizzle compares nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CommandError, runCommand } from '../local/command-error.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Deletes every snapshot in the folder but the newest. @returns the names of those it deleted */
export async function pruneSnapshots(folder: string): Promise<string[]> {
  const snapshots = (await readdir(folder)).filter((name) => /^\d{4}_snapshot\.json$/.test(name)).toSorted();
  const old = snapshots.slice(0, -1);
  for (const name of old) await rm(join(folder, name));
  return old;
}

async function main(): Promise<void> {
  const program = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs');
  const args = ['--no-warnings', program, 'generate', ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new CommandError(`drizzle-kit generate ended with exit code ${code}`);
  await pruneSnapshots(join(ROOT, 'migrations/meta'));
}

if (import.meta.main) await runCommand('db:generate', main);
