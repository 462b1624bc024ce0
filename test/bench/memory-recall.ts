import { loadavg } from 'node:os';
import { Client } from 'pg';
import { CANDIDATES, MAX_COMPARED } from '../../src/intelligence/memory-search/memory-search.rules.ts';
import { wordQueryOf } from '../../src/intelligence/memory/passages.rules.ts';
import { serveDatabase } from '../../workers/local/database/endpoint.ts';
import { openPostgres } from '../../workers/local/database/postgres.ts';
import { applyMigrations } from '../../workers/ops/migrate.ts';
import { onServer, urlOf } from '../support/database/open.ts';
import { fillOrganization, pickTopic, queryOf, vectorOf } from './kit/memories-fill.ts';
import { readCpuMs } from './kit/processes.ts';
import type { BenchRow } from './kit/report.ts';

const DATABASE = 'auralink_bench_memories';
/** 100,000 memories: ten organizations whose vectors are all compared, and one for which the index is asked. */
const SMALL = { count: 10, memories: 5_000 };
const LARGE = { id: 'org_large', memories: 50_000 };
const READS = 100;
const MOST_MS = 25;
const LEAST_RECALL = 0.99;

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;

async function fill(client: Client): Promise<void> {
  await client.query('drop index memory_vectors_embedding_idx');
  for (let at = 0; at < SMALL.count; at++) await fillOrganization(client, `org_small${at}`, SMALL.memories);
  await fillOrganization(client, LARGE.id, LARGE.memories);
  await client.query(`set maintenance_work_mem = '512MB'`);
  await client.query(
    'create index memory_vectors_embedding_idx on memory_vectors using hnsw (embedding halfvec_ip_ops)',
  );
  await client.query('vacuum analyze memories, memory_chunks, memory_vectors');
}

/** Runs a query as the product does: in a transaction of its own, in the role of the app, for one organization. */
async function asOrganization<T>(client: Client, organizationId: string, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  await client.query(`select enter_scope('auralink_app', $1, 'usr', '30000', null)`, [organizationId]);
  const result = await work();
  await client.query('commit');
  return result;
}

/** CPU time of the server and elapsed time of each read. */
async function measureReads(client: Client, organizationId: string, kind: Parameters<typeof queryOf>[1]) {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const { pid } = rows[0]!;
  const times: { cpu: number; elapsed: number }[] = [];
  for (let at = 0; at < READS + 10; at++) {
    const topic = pickTopic();
    const params = [
      organizationId,
      wordQueryOf(queryOf(topic, kind)),
      vectorOf(topic),
      CANDIDATES,
      MAX_COMPARED,
    ];
    const before = { cpu: readCpuMs(pid), elapsed: performance.now() };
    await asOrganization(client, organizationId, () =>
      client.query(
        `select * from recall_memories($1, '{organization}', $2, $3::halfvec, 'bench@1', now(), $4, $5) limit 10`,
        params,
      ),
    );
    if (at >= 10)
      times.push({ cpu: readCpuMs(pid) - before.cpu, elapsed: performance.now() - before.elapsed });
  }
  return times;
}

/** How many of the ten nearest are found, on average. */
async function measureRecall(client: Client, organizationId: string): Promise<number> {
  let found = 0;
  for (let at = 0; at < READS; at++) {
    const near = async (compared: number) => {
      const { rows } = await client.query<{ chunk_id: string }>(
        `select chunk_id from find_near_memories($1, '{organization}', $2::halfvec, 'bench@1', $3, $4) limit 10`,
        [organizationId, vector, CANDIDATES, compared],
      );
      return rows.map((row) => row.chunk_id);
    };
    const vector = vectorOf(pickTopic());
    const [all, got] = await asOrganization(client, organizationId, async () => [
      await near(2 ** 31 - 2),
      await near(MAX_COMPARED),
    ]);
    found += got.filter((id) => all.includes(id)).length;
  }
  return found / (READS * 10);
}

async function measureOrganization(
  client: Client,
  organizationId: string,
  what: string,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const kind of ['a rare word', 'common words'] as const) {
    const times = await measureReads(client, organizationId, kind);
    const cpu = times.map((each) => each.cpu);
    const elapsed = times.map((each) => each.elapsed);
    const [p50, p95] = [percentile(cpu, 0.5), percentile(cpu, 0.95)];
    rows.push({
      what: `recall of ${what}, by meaning and ${kind}`,
      measured:
        `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms of CPU; ` +
        `elapsed p95 ${percentile(elapsed, 0.95).toFixed(1)} ms at load ${loadavg()[0]!.toFixed(1)}`,
      target: `p95 at most ${MOST_MS} ms`,
      holds: p95 <= MOST_MS,
      figures: { cpu, elapsed },
    });
  }
  const recall = await measureRecall(client, organizationId);
  rows.push({
    what: `recall@10 of ${what}, of the exact ten nearest`,
    measured: recall.toFixed(4),
    target: `at least ${LEAST_RECALL}`,
    holds: recall >= LEAST_RECALL,
    figures: { recall },
  });
  return rows;
}

/** Recall of memories among 100,000 in eleven organizations. */
export async function benchMemoryRecall(): Promise<BenchRow[]> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('needs a PostgreSQL server: .ci/with-postgres npm run bench -- memory-recall');
  await onServer(server, `drop database if exists ${DATABASE}`, `create database ${DATABASE}`);
  const connectionString = urlOf(server, DATABASE);
  const endpoint = await serveDatabase(openPostgres(connectionString), 0);
  await applyMigrations(connectionString, endpoint.url);
  await endpoint.close();
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await fill(client);
    return [
      ...(await measureOrganization(client, 'org_small3', `an organization with ${SMALL.memories} memories`)),
      ...(await measureOrganization(client, LARGE.id, `an organization with ${LARGE.memories} memories`)),
    ];
  } finally {
    await client.end();
    await onServer(server, `drop database ${DATABASE}`);
  }
}
