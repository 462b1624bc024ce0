import { openPglite } from '../../workers/local/database/pglite.ts';
import { openPostgres } from '../../workers/local/database/postgres.ts';
import { type DatabaseEndpoint, serveDatabase } from '../../workers/local/database/endpoint.ts';
import { applyMigrations } from '../../workers/ops/migrate.ts';

export interface TestDatabase extends DatabaseEndpoint {
  connectionString: string;
}

/**
 * A migrated database behind the local endpoint: PGlite in memory, or the real Postgres that `TEST_DATABASE_URL` names,
 * in a database of its own.
 */
export async function startTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  const connectionString = server
    ? await createFreshDatabase(server)
    : 'postgres://postgres:postgres@127.0.0.1/postgres';
  const endpoint = await serveDatabase(
    server ? openPostgres(connectionString) : await openPglite(undefined),
    0,
  );
  if (migrated) await applyMigrations(connectionString, endpoint.url);
  return { ...endpoint, connectionString };
}

async function createFreshDatabase(server: string): Promise<string> {
  const { default: pg } = await import('pg');
  const name = `auralink_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
