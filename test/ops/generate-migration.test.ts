import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { completeMigration, pruneSnapshots } from '../../workers/ops/generate-migration.ts';

it('generating a migration keeps the journal and the newest snapshot', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auralink-snapshots-'));
  const names = ['0009_snapshot.json', '0011_snapshot.json', '0010_snapshot.json', '_journal.json'];
  await Promise.all(names.map((name) => writeFile(join(folder, name), '{}')));
  expect(await pruneSnapshots(folder)).toEqual(['0009_snapshot.json', '0010_snapshot.json']);
  expect((await readdir(folder)).toSorted()).toEqual(['0011_snapshot.json', '_journal.json']);
  await rm(folder, { recursive: true });
});

it('a new table of organizations gets its tenant policy and grants, another table does not', () => {
  const notes =
    'CREATE TABLE "notes" (\n\t"organization_id" text collate "C" NOT NULL,\n\t"name" text NOT NULL\n);';
  const plans = 'CREATE TABLE "plans" (\n\t"organization_id" text collate "C",\n\t"name" text NOT NULL\n);';
  const generated = `${notes}\n--> statement-breakpoint\n${plans}\n`;
  expect(completeMigration(generated).replace(generated.trimEnd(), '')).toBe(
    `--> statement-breakpoint
select tenant_wall('notes');--> statement-breakpoint
grant select, insert, update, delete on notes to auralink_app, auralink_system;
`,
  );
});

it('a custom migration ends with a newline, so that a line can be appended', () => {
  expect(completeMigration('-- Custom SQL migration file, put your code below! --')).toBe(
    '-- Custom SQL migration file, put your code below! --\n',
  );
});
