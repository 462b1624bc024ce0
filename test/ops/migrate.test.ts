import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyMigrations, pendingMigrations } from '../../workers/ops/migrate.ts';
import { fileDatabase } from '../support/database/of-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-migrations-'));
  await cp('migrations', join(folder, 'chain'), { recursive: true });
  await cp('src', join(folder, 'functions'), {
    recursive: true,
    filter: (path) => !/\.\w+$/.test(path) || path.endsWith('.sql'),
  });
  return () => rm(folder, { recursive: true });
});

const folders = () => ({ chain: join(folder, 'chain'), functions: join(folder, 'functions') });
const { connectionString, endpoint } = fileDatabase();
const apply = () => applyMigrations(connectionString, endpoint, folders());
const pending = () => pendingMigrations(connectionString, endpoint, folders());

/** Adds a migration at the end of the copied chain. */
async function appendMigration(name: string, sql: string): Promise<void> {
  const file = join(folder, 'chain/meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8')) as { entries: { idx: number; when: number }[] };
  const last = journal.entries.at(-1)!;
  const entry = { ...last, idx: last.idx + 1, when: last.when + 1, tag: name };
  await writeFile(file, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
  await writeFile(join(folder, 'chain', `${name}.sql`), sql);
}

async function addFunction(path: string, sql: string): Promise<void> {
  const file = join(folder, 'functions', path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, sql);
}

describe('migrations', () => {
  it('change nothing when they run a second time', async () => {
    expect(await pending()).toEqual([]);
    expect(await apply()).toEqual([]);
  });

  it('apply nothing when one fails, and name it', async () => {
    await appendMigration('9000_fine', 'create table made_before_the_failure (id int);');
    await appendMigration(
      '9001_broken',
      'create table half_done (id int);--> statement-breakpoint\nselect * from nowhere;',
    );
    await expect(apply()).rejects.toThrow(
      /^migration 9001_broken failed: relation "nowhere" does not exist; nothing was applied$/,
    );
    expect(await pending()).toEqual(['9000_fine', '9001_broken']);
  });

  it('refuse a chain in which an applied migration was edited', async () => {
    const file = join(folder, 'chain/0000_foundation.sql');
    await writeFile(file, `${await readFile(file, 'utf8')}\n-- changed`);
    await expect(apply()).rejects.toThrow(/0000_foundation was changed after this database applied it/);
  });

  it('refuse a chain with a missing file', async () => {
    await rm(join(folder, 'chain/0001_tenant_policies.sql'));
    await expect(apply()).rejects.toThrow(/cannot be read: ENOENT/);
  });
});

describe('SQL functions', () => {
  it('are pending when they are new or their text has changed', async () => {
    await addFunction('rooms/polls/count-votes.sql', 'create or replace function count_votes() returns int');
    await writeFile(
      join(folder, 'functions/calls/calls/take-seat.sql'),
      'create or replace function take_seat()',
    );
    expect(await pending()).toEqual(['function count_votes', 'function take_seat']);
  });

  it('apply nothing when one fails, neither functions nor migrations, and name it with its file', async () => {
    await appendMigration('9000_fine', 'create table made_before_the_failure (id int);');
    await addFunction(
      'rooms/polls/count-votes.sql',
      'create or replace function count_votes() returns nonsense',
    );
    await expect(apply()).rejects.toThrow(
      /^function count_votes \(rooms\/polls\/count-votes\.sql\) failed: .*; nothing was applied$/,
    );
    expect(await pending()).toEqual(['9000_fine', 'function count_votes']);
  });

  it.each([
    ['is named otherwise than its file', 'create or replace function count_something() returns int'],
    ['cannot run twice', 'create function count_votes() returns int'],
    [
      'defines two',
      'create or replace function count_votes() returns int;\ncreate or replace function other() returns int;',
    ],
    ['defines none', '-- nothing'],
  ])('are refused when a file %s', async (_what, sql) => {
    await addFunction('rooms/polls/count-votes.sql', sql);
    await expect(pending()).rejects.toThrow(
      'rooms/polls/count-votes.sql must hold exactly one statement: create or replace function count_votes(…)',
    );
  });

  it('are refused when two files define one name', async () => {
    await addFunction('rooms/rooms/take-seat.sql', 'create or replace function take_seat() returns int');
    await expect(pending()).rejects.toThrow(/take-seat\.sql and .*take-seat\.sql define the same function/);
  });
});
