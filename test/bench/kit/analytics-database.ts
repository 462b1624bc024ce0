import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { serveDatabase } from '../../../workers/local/database/endpoint.ts';
import { openPostgres } from '../../../workers/local/database/postgres.ts';
import { applyMigrations } from '../../../workers/ops/migrate.ts';
import { onServer, urlOf } from '../../support/database/open.ts';
import { fillAnalytics } from './analytics-fill.ts';

export interface AnalyticsDatabase {
  client: Client;
  connectionString: string;
  /** URL of an endpoint in a process of its own. */
  endpoint: string;
  /** Whether it has the rollups that an earlier run built with the functions as they are now. */
  hasRollups: boolean;
  /** Keeps the rollups for later runs. */
  keepRollups(): Promise<void>;
  close(): Promise<void>;
}

async function migrate(connectionString: string): Promise<void> {
  const endpoint = await serveDatabase(openPostgres(connectionString), 0);
  await applyMigrations(connectionString, endpoint.url);
  await endpoint.close();
}

async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes the database under another name until it is complete, so that a run that was stopped leaves no half of one. */
async function createFilled(server: string, name: string, calls: number): Promise<void> {
  const unfinished = `${name}_unfinished`;
  await onServer(server, `drop database if exists ${unfinished}`, `create database ${unfinished}`);
  const connectionString = urlOf(server, unfinished);
  await migrate(connectionString);
  await withClient(connectionString, (client) => fillAnalytics(client, calls));
  await onServer(server, `alter database ${unfinished} rename to ${name}`);
}

/** Starts the endpoint. @returns its URL, and a function that ends it */
async function startEndpoint(connectionString: string): Promise<{ url: string; stop(): void }> {
  const script = `${import.meta.dirname}/../worlds/database.ts`;
  const child = spawn(process.execPath, ['--no-warnings', script, connectionString], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { url, stop: () => child.stdin.end() };
}

const hashOf = (files: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 8);
};
const FILLS = ['analytics-sql.ts', 'analytics-fill.ts', 'analytics-ai-fill.ts'].map(
  (file) => `${import.meta.dirname}/${file}`,
);
const ROLLUPS = ['src/analytics/rollups', 'src/analytics/ai-analytics'];
/** Everything that decides what rollups look like, which is noted in a comment of the database that has them. */
const hashOfRollups = () =>
  hashOf([
    'test/bench/analytics.ts',
    ...ROLLUPS.flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.sql'))
        .toSorted()
        .map((file) => `${folder}/${file}`),
    ),
  ]);

/**
 * The database with so many calls on the server that `TEST_DATABASE_URL` names, at the present migrations and functions. It is
 * kept there: a later run fills none again unless the way of filling has changed, and builds no rollups unless their functions have.
 */
export async function openAnalyticsDatabase(calls: number): Promise<AnalyticsDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('needs a PostgreSQL server: .ci/with-postgres npm run bench -- analytics');
  const name = `auralink_bench_${calls}_${hashOf(FILLS)}`;
  const known = await onServer(server, `select from pg_database where datname = '${name}'`);
  if (known.length === 0) await createFilled(server, name, calls);
  const connectionString = urlOf(server, name);
  await migrate(connectionString);
  await onServer(server, `alter database ${name} set max_parallel_workers_per_gather = 0`);
  const client = new Client({ connectionString });
  await client.connect();
  const [comment] = await onServer(
    server,
    `select shobj_description(oid, 'pg_database') as rollups from pg_database where datname = '${name}'`,
  );
  const hasRollups = comment?.['rollups'] === hashOfRollups();
  await client.query(
    `truncate ${hasRollups ? '' : 'analytics_buckets, analytics_zones, analytics_ai_buckets, analytics_ai_hours, '}analytics_dirty, analytics_ai_dirty`,
  );
  const endpoint = await startEndpoint(connectionString);
  return {
    client,
    connectionString,
    endpoint: endpoint.url,
    hasRollups,
    keepRollups: async () => {
      await client.query(`comment on database ${name} is '${hashOfRollups()}'`);
    },
    async close() {
      endpoint.stop();
      await client.end();
    },
  };
}
