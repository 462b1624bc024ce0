import { serveDatabase } from '../../../workers/local/database/endpoint.ts';
import {
  findMigratedCluster,
  keepMigratedCluster,
} from '../../../workers/local/database/migrated-cluster.ts';
import { openPglite } from '../../../workers/local/database/pglite.ts';
import { applyMigrations } from '../../../workers/ops/migrate.ts';
import { onServer, PGLITE_URL, startTestDatabase, type Template } from './open.ts';

/** Migrates PGlite once for each chain of migrations and keeps its file for later runs. */
export async function pgliteTemplate(): Promise<Template> {
  const kept = await findMigratedCluster();
  if (kept !== undefined) return { file: kept };
  const pglite = await openPglite(undefined);
  const endpoint = await serveDatabase(pglite, 0);
  await applyMigrations(PGLITE_URL, endpoint.url);
  const archive = await pglite.dump();
  await endpoint.close();
  return { file: await keepMigratedCluster(archive) };
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
