import { Client } from 'pg';
import { serveDatabase } from '../../../workers/local/database/endpoint.ts';
import { openPglite } from '../../../workers/local/database/pglite.ts';
import { openPostgres } from '../../../workers/local/database/postgres.ts';
import { applyMigrations } from '../../../workers/ops/migrate.ts';
import { onServer, PGLITE_URL, urlOf } from '../../support/database/open.ts';

const DATABASE = 'auralink_bench_memories';

export type Statement = [query: string, ...params: unknown[]];

/** A database that is measured. */
export interface MeasuredDatabase {
  name: 'PostgreSQL' | 'PGlite';
  /** Runs the statements in one transaction. @returns the rows of the last one, each value as text */
  run(...statements: Statement[]): Promise<Record<string, string | null>[]>;
  /** The process that runs them. */
  pid: number;
  /** Removes what deleted rows left, where something does so in the product, and counts rows for the planner. */
  settle(tables: string): Promise<void>;
  close(): Promise<void>;
}

/** A new database on the server, whose backend is measured. */
export async function openServerDatabase(): Promise<MeasuredDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('needs a PostgreSQL server: .ci/with-postgres npm run bench -- memory-recall');
  await onServer(server, `drop database if exists ${DATABASE}`, `create database ${DATABASE}`);
  const connectionString = urlOf(server, DATABASE);
  const endpoint = await serveDatabase(openPostgres(connectionString), 0);
  await applyMigrations(connectionString, endpoint.url);
  await endpoint.close();
  const client = new Client({ connectionString, types: { getTypeParser: () => (text: string) => text } });
  await client.connect();
  const { rows } = await client.query<{ pid: string }>('select pg_backend_pid() as pid');
  const pid = Number(rows[0]!.pid);
  return {
    name: 'PostgreSQL',
    run: async (...statements) => {
      await client.query('begin');
      let last: Record<string, string | null>[] = [];
      for (const [text, ...values] of statements) ({ rows: last } = await client.query({ text, values }));
      await client.query('commit');
      return last;
    },
    pid,
    settle: async (tables) => void (await client.query(`vacuum analyze ${tables}`)),
    close: async () => {
      await client.end();
      await onServer(server, `drop database ${DATABASE}`);
    },
  };
}

/** The embedded database, in this process. It has no process that vacuums, as in the product. */
export async function openEmbeddedDatabase(): Promise<MeasuredDatabase> {
  const backend = await openPglite(undefined);
  const endpoint = await serveDatabase(backend, 0);
  await applyMigrations(PGLITE_URL, endpoint.url);
  const run: MeasuredDatabase['run'] = async (...statements) => {
    const queries = statements.map(([query, ...params]) => ({ query, params }));
    const results = await backend.run(queries, {});
    const { fields, rows } = results.at(-1)!;
    return rows.map((row) => Object.fromEntries(fields.map(({ name }, at) => [name, row[at]!])));
  };
  return {
    name: 'PGlite',
    run,
    pid: process.pid,
    settle: async (tables) => void (await run([`analyze ${tables}`])),
    close: () => endpoint.close(),
  };
}
