import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pruneSnapshots } from '../../workers/ops/generate-migration.ts';

it('generating a migration keeps the journal and the newest snapshot', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auralink-snapshots-'));
  const names = ['0009_snapshot.json', '0011_snapshot.json', '0010_snapshot.json', '_journal.json'];
  await Promise.all(names.map((name) => writeFile(join(folder, name), '{}')));
  expect(await pruneSnapshots(folder)).toEqual(['0009_snapshot.json', '0010_snapshot.json']);
  expect((await readdir(folder)).toSorted()).toEqual(['0011_snapshot.json', '_journal.json']);
  await rm(folder, { recursive: true });
});
