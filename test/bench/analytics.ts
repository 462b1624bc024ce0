import { loadavg } from 'node:os';
import type { Client } from 'pg';
import { getAiAnalytics } from '../../src/analytics/ai-analytics/get-ai-analytics.ts';
import { presentAiAnalytics } from '../../src/analytics/ai-analytics/ai-analytics.present.ts';
import { getQualityAnalytics } from '../../src/analytics/call-quality/get-call-quality.ts';
import { getOverview, getTimeline, getTop } from '../../src/analytics/overview/read-overview.ts';
import {
  presentOverview,
  presentTimeline,
  presentTop,
} from '../../src/analytics/overview/overview.present.ts';
import { presentCallQuality } from '../../src/analytics/call-quality/call-quality.present.ts';
import { queryReport } from '../../src/analytics/reports/query-report.ts';
import { reportSpecSchema } from '../../src/analytics/reports/report-spec.schemas.ts';
import { refreshRollups } from '../../src/analytics/rollups/index.ts';
import { AppError } from '../../src/kernel/core/index.ts';
import { parseConfig } from '../../src/kernel/config/index.ts';
import { type Ctx, openCtx, type Ports, type Services } from '../../src/kernel/context/index.ts';
import { selectNothing } from '../../src/kernel/db/index.ts';
import { createServices } from '../../workers/context.ts';
import { randomSecrets } from '../support/environment.ts';
import { buildAiBuckets } from './kit/analytics-ai-build.ts';
import { measureAiUpkeep } from './kit/analytics-ai-upkeep.ts';
import { type AnalyticsDatabase, openAnalyticsDatabase } from './kit/analytics-database.ts';
import {
  BENCH_MOMENT,
  organizationIdOf,
  ORGANIZATIONS,
  ownerIdOf,
  sessionIdOf,
} from './kit/analytics-fill.ts';
import { type Cost, costFigures, cpuOf, formatCost, measureCost, medianCost } from './kit/read-cost.ts';
import { type BenchRow, median } from './kit/report.ts';

/** Reads until the functions of both sides are compiled, and those that count. */
const READS_WARM = 15;
const READS = 31;
/** Organizations whose hours are computed again at once: as many moments as a round of the product takes. */
const SAMPLE = 200;
/** From when on their rollups are built; those of the two that are read are built from the start. */
const SAMPLE_FROM = '2026-10-25T00:00:00.000Z';

interface Measured {
  name: string;
  read(ctx: Ctx, range: { period: Period }): Promise<unknown>;
  /** The report reads the participations themselves; it has a limit of its own. */
  isReport?: boolean;
  /** What every read costs at least: a round trip that proves the session and reads nothing. */
  isBase?: boolean;
}

const READS_OF_PRODUCT: Measured[] = [
  { name: 'a round trip without rows', isBase: true, read: (ctx) => ctx.read((q) => [selectNothing(q)]) },
  { name: 'overview', read: async (ctx, range) => presentOverview(await getOverview(ctx, range)) },
  {
    name: 'timeline by day',
    read: async (ctx, range) => presentTimeline(await getTimeline(ctx, { ...range, interval: 'day' })),
  },
  {
    name: 'top users',
    read: async (ctx, range) => presentTop(await getTop(ctx, 'user', { ...range, limit: 10 }), 'userId'),
  },
  {
    name: 'top rooms',
    read: async (ctx, range) => presentTop(await getTop(ctx, 'room', { ...range, limit: 10 }), 'roomId'),
  },
  {
    name: 'call quality',
    read: async (ctx, range) =>
      presentCallQuality(await getQualityAnalytics(ctx, { ...range, groupBy: 'connection' })),
  },
  {
    name: 'AI usage',
    read: async (ctx, range) =>
      presentAiAnalytics(await getAiAnalytics(ctx, { ...range, groupBy: 'model', interval: 'day' })),
  },
  {
    name: 'report of calls by day',
    isReport: true,
    read: (ctx, range) =>
      queryReport(
        ctx,
        reportSpecSchema.parse({ source: 'calls', dimensions: ['day'], measures: ['calls'], ...range }),
      ),
  },
];

function createServicesOver(database: { endpoint: string; connectionString: string }): Services {
  const config = parseConfig({
    ENVIRONMENT: 'development',
    PUBLIC_URL: 'http://auralink.bench',
    CORS_ORIGINS: 'https://app.auralink.bench',
    APP_URL: 'https://app.auralink.bench',
    MAIL_FROM: 'AuraLink <no-reply@auralink.bench>',
    MAIL_API_URL: 'http://127.0.0.1:9',
    NEON_LOCAL_ENDPOINT: database.endpoint,
    DATABASE_URL: database.connectionString,
    ...randomSecrets(),
  });
  // What is measured uses the database alone.
  return createServices(config, {} as Ports, { now: () => Date.parse(BENCH_MOMENT) });
}

/** The context of an owner, whose session each read proves. */
const ownerOf = (services: Services, organization: 1 | 2): Ctx =>
  openCtx(services, {
    actor: {
      kind: 'user',
      userId: ownerIdOf(organization),
      sessionId: sessionIdOf(organization),
      organizationId: organizationIdOf(organization),
      role: 'owner',
      plan: 'free',
      permissions: ['analytics:read'],
    },
    keepAlive: () => undefined,
    onEvents: () => undefined,
  });

/** Most milliseconds of a read. */
const LIMITS = { month: 10, year: 50 } as const;
type Period = keyof typeof LIMITS;
const DAYS = { month: 30, year: 365 } as const;
const MOST_TIMES_SLOWER = 3;

/** A read that is refused because it takes longer than a statement may, as a report over very many calls is. */
function refusedRow(error: unknown, what: string): BenchRow {
  if (!(error instanceof AppError) || error.code !== 'reports.too_large') throw error;
  return {
    what,
    measured: 'refused: it takes longer than a statement may',
    target: '–',
    holds: true,
    figures: {},
  };
}

/** Median costs of a read for the largest organization and the small one, which take turns. */
async function measureRead(
  client: Client,
  { name, read, isReport = false, isBase = false }: Measured,
  [largest, small]: readonly [Ctx, Ctx],
  period: Period,
): Promise<BenchRow> {
  const ofLargest: Cost[] = [];
  const ofSmall: Cost[] = [];
  for (let turn = 0; turn < READS_WARM + READS; turn++) {
    const first = await measureCost(client, () => read(largest, { period }));
    const second = await measureCost(client, () => read(small, { period }));
    if (turn < READS_WARM) continue;
    ofLargest.push(first);
    ofSmall.push(second);
  }
  const [cost, smallCost] = [medianCost(ofLargest), medianCost(ofSmall)];
  const times = cpuOf(cost) / cpuOf(smallCost);
  const isJudged = !isReport && !isBase;
  return {
    what: isBase ? name : `${name}, ${DAYS[period]} days`,
    measured: `${formatCost(cost)}; ${times.toFixed(1)} times the small one: ${formatCost(smallCost)}`,
    target: isJudged ? `≤ ${LIMITS[period]} ms, ≤ ${MOST_TIMES_SLOWER} times` : '–',
    holds: !isJudged || (cpuOf(cost) <= LIMITS[period] && times <= MOST_TIMES_SLOWER),
    figures: { ...costFigures('', ofLargest), ...costFigures('small', ofSmall) },
  };
}

/**
 * Builds the rollups of an organization part by part, as after a change of its time zone, and gives it the same ones for the year
 * before, with which overview and quality compare. @returns ms of each part
 */
async function buildRollups(
  client: Client,
  organization: number,
  from: string | null = null,
): Promise<number[]> {
  const id = organizationIdOf(organization);
  await client.query(
    `insert into analytics_zones (organization_id, time_zone, next_time_zone, built_until) values ($1, 'UTC', 'Europe/Berlin', $2)`,
    [id, from],
  );
  const parts: number[] = [];
  for (;;) {
    const startedAt = performance.now();
    const { rows } = await client.query<{ finished: boolean }>(
      'select build_analytics_zone($1) as finished',
      [id],
    );
    if (rows[0]!.finished) break;
    parts.push(performance.now() - startedAt);
  }
  const shifted = ['starts_at', 'ends_at', 'parent_starts_at', 'parent_ends_at'];
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = 'analytics_buckets'::regclass and attnum > 0 and not attisdropped`,
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) =>
    shifted.includes(name)
      ? `((${name} at time zone time_zone) - interval '1 year') at time zone time_zone`
      : name,
  );
  await client.query(
    `insert into analytics_buckets (${names.join(', ')}) select ${values.join(', ')} from analytics_buckets
    where organization_id = $1 on conflict do nothing`,
    [id],
  );
  return parts;
}

/** Rounds until a session has planned the functions, and those that count. */
const UPKEEP_WARM = 2;
const UPKEEP_ROUNDS = 9;
const UPKEEP_LIMIT_MS = 0.2;

interface Upkeep {
  what: string;
  organizations: readonly number[];
  /** How long before the moment of the reads the first of the hours lies. */
  hoursAgo: number;
  isJudged: boolean;
}

/** What it takes to compute one hour of each organization again, one after the other of their last hours with calls. */
async function measureUpkeep(
  services: Services,
  client: Client,
  { what, organizations, hoursAgo, isJudged }: Upkeep,
): Promise<BenchRow> {
  const each: Cost[] = [];
  for (let round = 0; round < UPKEEP_WARM + UPKEEP_ROUNDS; round++) {
    const { rowCount } = await client.query(
      `insert into analytics_dirty (organization_id, moment, since)
      select o.id, c.started_at, now() - interval '1 year' from unnest($1::text[]) o(id) cross join lateral (
        select started_at from analytics_calls where organization_id = o.id
          and started_at < $2::timestamptz - $3 * interval '1 hour' order by started_at desc limit 1) c`,
      [organizations.map(organizationIdOf), BENCH_MOMENT, hoursAgo + round],
    );
    const { elapsed, server, reader } = await measureCost(client, () => refreshRollups(services));
    const count = rowCount!;
    if (round >= UPKEEP_WARM)
      each.push({ elapsed: elapsed / count, server: server / count, reader: reader / count });
  }
  const cost = medianCost(each);
  return {
    what,
    measured: `${formatCost(cost, 2)}, for an hour of an organization`,
    target: isJudged ? `≤ ${UPKEEP_LIMIT_MS} ms` : '–',
    holds: !isJudged || cpuOf(cost) <= UPKEEP_LIMIT_MS,
    figures: costFigures('', each),
  };
}

const progress = (what: string, startedAt: number) =>
  console.error(`… ${what}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);

async function measureReads(services: Services, client: Client): Promise<BenchRow[]> {
  const owners = [ownerOf(services, 1), ownerOf(services, 2)] as const;
  const rows: BenchRow[] = [];
  for (const period of ['month', 'year'] as const)
    for (const measured of READS_OF_PRODUCT) {
      if (measured.isBase && period === 'year') continue;
      const row = await measureRead(client, measured, owners, period).catch((error: unknown) =>
        refusedRow(error, `${measured.name}, ${DAYS[period]} days`),
      );
      rows.push(row);
    }
  return rows;
}

/** Builds the rollups of the largest organization, the small one and the sample. @returns ms of each part of the largest */
async function buildAll(client: Client, sample: readonly number[]): Promise<number[]> {
  const startedAt = performance.now();
  const parts = await buildRollups(client, 1);
  progress('rollups of the largest organization', startedAt);
  await buildRollups(client, 2);
  for (const organization of sample) await buildRollups(client, organization, SAMPLE_FROM);
  progress(`rollups of ${SAMPLE + 2} organizations`, startedAt);
  await buildAiBuckets(client);
  progress('rollups of AI of the two that are read', startedAt);
  return parts;
}

const partsRow = (parts: readonly number[]): BenchRow => ({
  what: 'the largest part of the rollups in a new time zone',
  measured: `${Math.max(...parts).toFixed(0)} ms; ${parts.length} parts of ${median(parts).toFixed(0)} ms`,
  target: '≤ 5,000 ms, the time of a statement',
  holds: Math.max(...parts) <= 5_000,
  figures: { ms: [...parts] },
});

async function measureAll(services: Services, database: AnalyticsDatabase): Promise<BenchRow[]> {
  const { client, hasRollups, keepRollups } = database;
  const sample = Array.from(
    { length: SAMPLE },
    (_, index) => 3 + Math.floor((index * (ORGANIZATIONS - 2)) / SAMPLE),
  );
  const parts = hasRollups ? [] : await buildAll(client, sample);
  if (!hasRollups) await keepRollups();
  await client.query('vacuum (analyze) analytics_buckets');
  const rows = await measureReads(services, client);
  const upkeeps: Upkeep[] = [
    { what: `upkeep today, ${SAMPLE} organizations`, organizations: sample, hoursAgo: 0, isJudged: true },
    { what: 'upkeep today, the largest', organizations: [1], hoursAgo: 0, isJudged: false },
    {
      what: `upkeep days ago, ${SAMPLE} organizations`,
      organizations: sample,
      hoursAgo: 72,
      isJudged: false,
    },
    { what: 'upkeep days ago, the largest', organizations: [1], hoursAgo: 72, isJudged: false },
  ];
  for (const upkeep of upkeeps) rows.push(await measureUpkeep(services, client, upkeep));
  const ofAi = [
    { what: 'upkeep of AI usage, 200 quarters of the largest', organization: 1, most: 200 },
    { what: 'upkeep of AI usage, one quarter of the small one', organization: 2, most: 1 },
  ] as const;
  for (const upkeep of ofAi) rows.push(await measureAiUpkeep(services, client, upkeep));
  return [
    ...rows,
    ...(parts.length > 0 ? [partsRow(parts)] : []),
    {
      what: 'load of the machine',
      measured: loadavg()
        .map((load) => load.toFixed(1))
        .join(', '),
      target: '–',
      holds: true,
      figures: { load: loadavg() },
    },
  ];
}

/**
 * The product's own reads over measured calls of 2,000 organizations, as a verb takes them: proof of the session, one round trip
 * to a database on the same machine, and what makes the answer of the rows.
 * @param calls how many calls of all organizations in a year; the largest has 30 % of them, the small one 3,000
 */
export async function benchAnalytics(calls: number): Promise<BenchRow[]> {
  const startedAt = performance.now();
  const database = await openAnalyticsDatabase(calls);
  progress(`a database with ${calls} calls`, startedAt);
  try {
    return await measureAll(createServicesOver(database), database);
  } finally {
    await database.close();
  }
}
