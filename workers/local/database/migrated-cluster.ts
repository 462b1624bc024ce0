import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { versionOfPglite } from './empty-cluster.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, 'node_modules/.cache/auralink');
const MADE_BY = ['migrations', 'src', 'workers/ops', 'workers/local/database'];

/** A hash of everything that the content of a migrated PGlite depends on. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(await versionOfPglite());
  const below = async (folder: string) =>
    (await readdir(join(ROOT, folder), { recursive: true })).map((name) => join(folder, name));
  const files = (await Promise.all(MADE_BY.map(below)))
    .flat()
    .filter((name) => /\.(sql|json)$/.test(name) || (name.startsWith('workers') && name.endsWith('.ts')));
  for (const name of files.toSorted()) hash.update(name).update(await readFile(join(ROOT, name)));
  return hash.digest('hex').slice(0, 16);
}

/** Where the archive of a migrated PGlite is kept, for the migrations as they are now. */
const findPlace = async (): Promise<string> => join(FOLDER, `pglite-${await fingerprint()}.tar`);

/** The archive of a PGlite with all migrations and nothing else; undefined when this checkout has not made one yet. */
export async function findMigratedCluster(): Promise<string | undefined> {
  const file = await findPlace();
  return existsSync(file) ? file : undefined;
}

/** Keeps an archive for the next ones, and removes those of other migrations. @returns its file */
export async function keepMigratedCluster(archive: Blob): Promise<string> {
  const file = await findPlace();
  await mkdir(FOLDER, { recursive: true });
  // Renamed when it is complete, so that a concurrent run finds all of it or nothing.
  await writeFile(`${file}.${process.pid}`, Buffer.from(await archive.arrayBuffer()));
  await rename(`${file}.${process.pid}`, file);
  // Files that another process is writing at this moment stay.
  for (const name of await readdir(FOLDER))
    if (/^pglite-\w+\.tar$/.test(name) && join(FOLDER, name) !== file)
      await rm(join(FOLDER, name), { force: true });
  return file;
}
