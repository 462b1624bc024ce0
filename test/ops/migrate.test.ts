import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { applyMigrations, pendingMigrations } from '../../workers/ops/migrate.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-migrations-'));
  await cp('migrations', folder, { recursive: true });
  return () => rm(folder, { recursive: true });
});

/** Adds a migration at the end of the copied chain. */
async function appendMigration(name: string, sql: string): Promise<void> {
  const file = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8')) as { entries: { idx: number; when: number }[] };
  const last = journal.entries.at(-1)!;
  const entry = { ...last, idx: last.idx + 1, when: last.when + 1, tag: name };
  await writeFile(file, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
  await writeFile(join(folder, `${name}.sql`), sql);
}

const apply = () => applyMigrations(inject('databaseUrl'), inject('databaseEndpoint'), folder);
const pending = () => pendingMigrations(inject('databaseUrl'), inject('databaseEndpoint'), folder);

describe('migrations', () => {
  it('have nothing to do twice', async () => {
    expect(await pending()).toEqual([]);
    expect(await apply()).toEqual([]);
  });

  it('name the one that failed, and apply nothing', async () => {
    await appendMigration(
      '9001_broken',
      'create table half_done (id int);--> statement-breakpoint\nselect * from nowhere;',
    );
    await expect(apply()).rejects.toThrow(
      /^migration 9001_broken failed: relation "nowhere" does not exist; nothing was applied$/,
    );
    expect(await pending()).toEqual(['9001_broken']);
  });

  it('refuse a chain that was changed after it was applied', async () => {
    const file = join(folder, '0000_house.sql');
    await writeFile(file, `${await readFile(file, 'utf8')}\n-- changed`);
    await expect(apply()).rejects.toThrow(/0000_house was changed after this database applied it/);
  });

  it('refuse a chain with a part missing', async () => {
    await rm(join(folder, '0001_walls.sql'));
    await expect(apply()).rejects.toThrow(/cannot be read: ENOENT/);
  });
});
