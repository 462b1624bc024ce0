import type { DatabaseBackend } from '../../../workers/local/database/backend.ts';
import { type DatabaseEndpoint, serveDatabase } from '../../../workers/local/database/endpoint.ts';
import { openPglite } from '../../../workers/local/database/pglite.ts';
import { openPostgres } from '../../../workers/local/database/postgres.ts';
import { applyMigrations } from '../../../workers/ops/migrate.ts';

export interface TestDatabase extends DatabaseEndpoint {
  connectionString: string;
}

/** A migrated database to copy: on a PostgreSQL server, or a file of PGlite. */
export type Template = { server: string; database: string } | { file: string };

export const PGLITE_URL = 'postgres://postgres:postgres@127.0.0.1/postgres';

/** Runs statements on the server, each in a transaction of its own. @returns the rows of the last */
export async function onServer(server: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

export const newName = (prefix: string) => `${prefix}_${Math.random().toString(36).slice(2, 8)}`;

/** The URL of a database on the server. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/**
 * A copy of the template, without an endpoint.
 * @param name name of the copy on a server
 */
export async function copyOf(template: Template, name: string): Promise<DatabaseBackend> {
  if ('file' in template) return openPglite(undefined, template.file);
  await onServer(template.server, `create database ${name} template ${template.database}`);
  const socketFolder = process.env.TEST_DATABASE_SOCKETS;
  return openPostgres(urlOf(template.server, name), { prepares: true, socketFolder });
}

/** A name for a copy, and its URL. */
export function placeForCopy(template: Template): { name: string; connectionString: string } {
  if ('file' in template) return { name: '', connectionString: PGLITE_URL };
  const name = newName(template.database);
  return { name, connectionString: urlOf(template.server, name) };
}

/** A copy of the template with an endpoint of its own. */
export async function openCopy(template: Template): Promise<TestDatabase & { backend: DatabaseBackend }> {
  const { name, connectionString } = placeForCopy(template);
  const backend = await copyOf(template, name);
  return { ...(await serveDatabase(backend, 0)), connectionString, backend };
}

/**
 * A database without a template: on the server that `TEST_DATABASE_URL` names, or PGlite in memory.
 * @param options.embedded whether to use PGlite in any case
 */
export async function startTestDatabase({ migrated = true, embedded = false } = {}): Promise<TestDatabase> {
  const server = embedded ? undefined : process.env.TEST_DATABASE_URL;
  const name = newName('auralink_test');
  if (server) await onServer(server, `create database ${name}`);
  const connectionString = server ? urlOf(server, name) : PGLITE_URL;
  const backend = server ? openPostgres(connectionString) : await openPglite(undefined);
  const endpoint = await serveDatabase(backend, 0);
  if (migrated) await applyMigrations(connectionString, endpoint.url);
  return { ...endpoint, connectionString };
}
