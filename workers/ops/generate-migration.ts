/**
 * `npm run db:generate -- --name <what> [--custom]`: writes the next migration from the tables, adds tenant policies and
 * grants of new tables, then deletes the snapshots before the newest, with which Drizzle compares nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CommandError, runCommand } from '../local/command-error.ts';

const ROOT = join(import.meta.dirname, '../..');
const MIGRATIONS = join(ROOT, 'migrations');

/** Deletes every snapshot in the folder but the newest. @returns the names of those it deleted */
export async function pruneSnapshots(folder: string): Promise<string[]> {
  const snapshots = (await readdir(folder)).filter((name) => /^\d{4}_snapshot\.json$/.test(name)).toSorted();
  const old = snapshots.slice(0, -1);
  for (const name of old) await rm(join(folder, name));
  return old;
}

/**
 * A generated migration with a tenant policy and grants for each new table whose rows belong to an organization. It ends
 * with a newline, so that a line can be appended.
 */
export function completeMigration(sql: string): string {
  const created = sql.matchAll(/^CREATE TABLE "(\w+)" \(\n(.*?)^\);/gms);
  const policies = [...created]
    .filter(([, , columns = '']) => /^\s*"organization_id" .*NOT NULL/m.test(columns))
    .flatMap(([, table]) => [
      `select tenant_wall('${table}');`,
      `grant select, insert, update, delete on ${table} to auralink_app, auralink_system;`,
    ]);
  return `${[sql.trimEnd(), ...policies].join('--> statement-breakpoint\n')}\n`;
}

const listMigrations = async () => (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'));

async function main(): Promise<void> {
  const former = new Set(await listMigrations());
  const program = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs');
  const args = ['--no-warnings', program, 'generate', ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new CommandError(`drizzle-kit generate ended with exit code ${code}`);
  for (const name of await listMigrations())
    if (!former.has(name)) {
      const path = join(MIGRATIONS, name);
      await writeFile(path, completeMigration(await readFile(path, 'utf8')));
    }
  await pruneSnapshots(join(MIGRATIONS, 'meta'));
}

if (import.meta.main) await runCommand('db:generate', main);
