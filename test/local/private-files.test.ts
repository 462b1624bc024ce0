import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { lockDataDir } from '../../workers/local/data-dir.ts';
import { openPglite } from '../../workers/local/database/pglite.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'auralink-private-'));
  return () => rm(dir, { recursive: true });
});

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

/** What others than the owner may read, write or enter. */
async function findOpenEntries(folder: string): Promise<string[]> {
  const paths = [folder, ...(await readdir(folder, { recursive: true })).map((name) => join(folder, name))];
  const modes = await Promise.all(paths.map(modeOf));
  return paths.filter((_, index) => ((modes[index] ?? 0) & 0o077) !== 0);
}

it('a data directory of an earlier start becomes readable by its owner only', async () => {
  const folder = join(dir, 'worker');
  await mkdir(folder);
  await writeFile(join(folder, 'room.sqlite'), '');
  await chmod(dir, 0o755);
  await chmod(folder, 0o777);
  await chmod(join(folder, 'room.sqlite'), 0o666);
  await lockDataDir(dir, { fresh: false });
  expect(await findOpenEntries(dir)).toEqual([]);
  expect(await modeOf(folder)).toBe(0o700);
  expect(await modeOf(join(folder, 'room.sqlite'))).toBe(0o600);
});

it('what a link in the data directory leads to keeps its permissions', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'auralink-elsewhere-'));
  const file = join(elsewhere, 'shared');
  await writeFile(file, 'x');
  await chmod(file, 0o644);
  await symlink(file, join(dir, 'link'));
  await lockDataDir(dir, { fresh: false });
  expect(await modeOf(file)).toBe(0o644);
  expect(await readFile(file, 'utf8')).toBe('x');
  await rm(elsewhere, { recursive: true });
});

it('a new embedded database is readable by its owner only', async () => {
  const folder = join(dir, 'database');
  const database = await openPglite(folder);
  await database.run([{ query: 'create table thing (id int)', params: [] }], {});
  await database.close();
  const open = await findOpenEntries(folder);
  expect(open.filter((path) => !path.endsWith('database'))).toEqual([]);
});
