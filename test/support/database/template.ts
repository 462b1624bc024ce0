import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveDatabase } from '../../../workers/local/database/endpoint.ts';
import { openPglite } from '../../../workers/local/database/pglite.ts';
import { applyMigrations } from '../../../workers/ops/migrate.ts';
import { onServer, PGLITE_URL, startTestDatabase, type Template } from './open.ts';

const KEPT_IN = 'node_modules/.cache/auralink';

const MADE_BY = ['migrations', 'src', 'workers/ops', 'workers/local/database'];

/** A hash of everything that the content of a migrated PGlite depends on. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const below = async (folder: string) =>
    (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
  const files = (await Promise.all(MADE_BY.map(below)))
    .flat()
    .filter((name) => /\.(sql|json)$/.test(name) || (name.startsWith('workers') && name.endsWith('.ts')));
  for (const name of ['package-lock.json', ...files.toSorted()])
    hash.update(name).update(await readFile(name));
  return hash.digest('hex').slice(0, 16);
}

/** Migrates PGlite once for each chain of migrations and keeps its file for later runs. */
export async function pgliteTemplate(): Promise<Template> {
  const file = join(KEPT_IN, `pglite-${await fingerprint()}.tar`);
  if (await stat(file).catch(() => undefined)) return { file };
  const pglite = await openPglite(undefined);
  const endpoint = await serveDatabase(pglite, 0);
  await applyMigrations(PGLITE_URL, endpoint.url);
  const dump = Buffer.from(await (await pglite.dump()).arrayBuffer());
  await endpoint.close();
  await mkdir(KEPT_IN, { recursive: true });
  // Renamed when it is complete, so that a concurrent run finds all of it or nothing.
  await writeFile(`${file}.${process.pid}`, dump);
  await rename(`${file}.${process.pid}`, file);
  await removeOtherTemplates(file);
  return { file };
}

/** Removes the templates of other chains. Files that another process is writing at this moment stay. */
async function removeOtherTemplates(file: string): Promise<void> {
  for (const name of await readdir(KEPT_IN))
    if (/^pglite-\w+\.tar$/.test(name) && join(KEPT_IN, name) !== file)
      await rm(join(KEPT_IN, name), { force: true });
}

/** @returns the template, and a function that drops it and all its copies */
export async function postgresTemplate(
  server: string,
): Promise<{ template: Template; drop: () => Promise<void> }> {
  const migrated = await startTestDatabase();
  await migrated.close();
  const database = new URL(migrated.connectionString).pathname.slice(1);
  return {
    template: { server, database },
    async drop() {
      const named = `select datname from pg_database where datname ^@ '${database}'`;
      const copies = (await onServer(server, named)).map(({ datname }) => String(datname));
      await onServer(server, ...copies.map((name) => `drop database ${name} with (force)`));
    },
  };
}
