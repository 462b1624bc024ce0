import { loadavg } from 'node:os';
import { wordQueryOf } from '../../src/intelligence/memory/passages.rules.ts';
import { type MeasuredDatabase, openEmbeddedDatabase, openServerDatabase } from './kit/memories-database.ts';
import { recall, recallExactly, type RecallQuery, shareFound } from './kit/memories-exact.ts';
import {
  type FilledSpace,
  fillOrganization,
  nameOf,
  pickTopic,
  QUERIES,
  type QueryKind,
  vectorOf,
} from './kit/memories-fill.ts';
import { prefer, readCpuMs } from './kit/processes.ts';
import type { BenchRow } from './kit/report.ts';

/** Ten organizations beside the measured one. All vectors of the first are compared. */
const OTHERS = [5_000, ...Array.from({ length: 9 }, () => 1_000)];
const LARGE = 'org_large';
/** Of the organization; of an agent for managers, which the measured member does not see, and of rooms and people. */
const sharesOf = (memories: number): FilledSpace[] => {
  const owned = [
    { space: 'person:usr_bench', memories: memories * 0.02 },
    { space: 'agent:agent_bench', memories: memories * 0.05 },
    { space: 'agent:agent_hidden', memories: memories * 0.01 },
    { space: 'room:room_bench', memories: memories * 0.1 },
  ];
  return [...owned, { space: 'organization', memories: memories * 0.82 }];
};
const ALL_SCOPES = ['person:usr_bench', 'agent:agent_bench', 'room:room_bench', 'organization'];
const MOST_MS = { PostgreSQL: 25, PGlite: 60 };
const LEAST_RECALL = 0.99;

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

async function fill(database: MeasuredDatabase, memories: number): Promise<void> {
  await database.run(['drop index memory_vectors_embedding_idx']);
  for (const [at, count] of OTHERS.entries())
    await fillOrganization(database, `org_other${at}`, [{ space: 'organization', memories: count }]);
  await fillOrganization(database, LARGE, sharesOf(memories));
  await database.run([
    `insert into agents (id, organization_id, name, description, enabled, audience, active_version, newest_version, author, created_at, updated_at)
      select id, '${LARGE}', id, '', true, audience, 1, 1, 'usr_author', now(), now()
      from (values ('agent_bench', 'organization'), ('agent_hidden', 'managers')) made (id, audience)`,
  ]);
  await database.run(
    [`set local maintenance_work_mem = '400MB'`],
    ['create index memory_vectors_embedding_idx on memory_vectors using hnsw (embedding halfvec_ip_ops)'],
  );
  await database.settle('memories, memory_chunks, memory_vectors');
}

type Asked = Pick<RecallQuery, 'organizationId' | 'spaces'> & { kind: QueryKind };

function* queriesOf({ kind, ...asked }: Asked, count: number): Generator<RecallQuery & { topic: number }> {
  for (let at = 0; at < count; at++) {
    const topic = pickTopic();
    yield { ...asked, topic, words: wordQueryOf(QUERIES[kind](topic))!, vector: vectorOf(topic) };
  }
}

/** CPU time of the database and elapsed time of each read. */
async function measureTimes(database: MeasuredDatabase, asked: Asked, reads: number) {
  const times: { cpu: number; elapsed: number }[] = [];
  for (const query of queriesOf(asked, reads + 10)) {
    const before = { cpu: readCpuMs(database.pid), elapsed: performance.now() };
    await recall(database, query);
    times.push({ cpu: readCpuMs(database.pid) - before.cpu, elapsed: performance.now() - before.elapsed });
  }
  const measured = times.slice(10);
  return { cpu: measured.map(({ cpu }) => cpu), elapsed: measured.map(({ elapsed }) => elapsed) };
}

/** Shares of the ten best that are found, and of those found that are about the topic. */
async function measureQuality(database: MeasuredDatabase, asked: Asked, reads: number) {
  const quality = { byRule: [] as number[], everyMatch: [] as number[], onTopic: [] as number[] };
  for (const query of queriesOf(asked, reads)) {
    const found = await recall(database, query);
    quality.byRule.push(shareFound(found, await recallExactly(database, query, 'rule')));
    quality.everyMatch.push(shareFound(found, await recallExactly(database, query, 'every match')));
    const isOnTopic = ({ passage }: (typeof found)[number]) => passage!.includes(`${nameOf(query.topic)} `);
    quality.onTopic.push(found.filter(isOnTopic).length / found.length);
  }
  return {
    byRule: mean(quality.byRule),
    everyMatch: mean(quality.everyMatch),
    onTopic: mean(quality.onTopic),
  };
}

async function measure(
  database: MeasuredDatabase,
  what: string,
  asked: Asked,
  reads: number,
): Promise<BenchRow> {
  const { cpu, elapsed } = await measureTimes(database, asked, reads);
  const { byRule, everyMatch, onTopic } = await measureQuality(database, asked, Math.ceil(reads / 4));
  const format = (values: readonly number[]) =>
    `p50 ${percentile(values, 0.5).toFixed(1)} ms, p95 ${percentile(values, 0.95).toFixed(1)} ms`;
  const most = MOST_MS[database.name];
  const row = {
    what: `${database.name}: ${what}, ${asked.kind}`,
    measured:
      `${format(cpu)} of CPU; elapsed ${format(elapsed)} at load ${loadavg()[0]!.toFixed(1)}; ` +
      `recall@10 ${byRule.toFixed(3)}; ${everyMatch.toFixed(3)} of every match ranked; about the topic ${onTopic.toFixed(2)}`,
    target: `p95 at most ${most} ms, recall@10 at least ${LEAST_RECALL}`,
    holds: percentile(cpu, 0.95) <= most && byRule >= LEAST_RECALL,
    figures: { cpu, elapsed, byRule, everyMatch, onTopic },
  };
  console.error(`${row.what}: ${row.measured}`);
  return row;
}

/** Recall in an organization with so many memories, beside ten others. */
export async function benchMemoryRecall(memories: number, embedded: boolean): Promise<BenchRow[]> {
  const database = await (embedded ? openEmbeddedDatabase() : openServerDatabase());
  const reads = embedded ? 40 : 80;
  try {
    const startedAt = performance.now();
    await fill(database, memories);
    prefer(database.pid);
    console.error(`filled in ${Math.round((performance.now() - startedAt) / 1000)} s`);
    const rows: BenchRow[] = [];
    for (const kind of Object.keys(QUERIES) as QueryKind[])
      rows.push(
        await measure(database, 'all scopes', { organizationId: LARGE, spaces: ALL_SCOPES, kind }, reads),
      );
    for (const space of ALL_SCOPES)
      for (const kind of ['a rare word', 'three common words'] as const)
        rows.push(
          await measure(
            database,
            `scope ${space.split(':')[0]}`,
            { organizationId: LARGE, spaces: [space], kind },
            reads,
          ),
        );
    for (const kind of ['a rare word', 'three common words'] as const)
      rows.push(
        await measure(
          database,
          `an organization with ${OTHERS[0]}`,
          { organizationId: 'org_other0', spaces: ['organization'], kind },
          reads,
        ),
      );
    return rows;
  } finally {
    await database.close();
  }
}
