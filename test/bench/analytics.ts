import { Client } from 'pg';
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
import { createServices } from '../../workers/context.ts';
import { startTestDatabase } from '../support/database/open.ts';
import { randomSecrets } from '../support/environment.ts';
import {
  fillAnalytics,
  organizationIdOf,
  ORGANIZATIONS,
  ownerIdOf,
  sessionIdOf,
} from './kit/analytics-fill.ts';
import { readCpuMs } from './kit/processes.ts';
import { type BenchRow, median } from './kit/report.ts';

const READS_WARM = 3;
const READS = 15;
/** Organizations whose rollups are built, beside the two that are read. */
const SAMPLE = 100;

interface Measured {
  name: string;
  read(ctx: Ctx, range: { period: Period }): Promise<unknown>;
  /** The report reads the participations themselves; it has a limit of its own. */
  isReport?: true;
}

const READS_OF_PRODUCT: Measured[] = [
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
    name: 'report of calls by day',
    isReport: true,
    read: (ctx, range) =>
      queryReport(
        ctx,
        reportSpecSchema.parse({ source: 'calls', dimensions: ['day'], measures: ['calls'], ...range }),
      ),
  },
];

function createServicesOver(database: { url: string; connectionString: string }): Services {
  const config = parseConfig({
    ENVIRONMENT: 'development',
    PUBLIC_URL: 'http://auralink.bench',
    CORS_ORIGINS: 'https://app.auralink.bench',
    APP_URL: 'https://app.auralink.bench',
    MAIL_FROM: 'AuraLink <no-reply@auralink.bench>',
    MAIL_API_URL: 'http://127.0.0.1:9',
    NEON_LOCAL_ENDPOINT: database.url,
    DATABASE_URL: database.connectionString,
    ...randomSecrets(),
  });
  // What is measured uses the database alone.
  return createServices(config, {} as Ports);
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

/** What something took: elapsed time, and CPU time in this process and in the server's for this database together. */
interface Cost {
  wallMs: number;
  cpuMs: number;
}

/** Measures work over the database of the client, whose server is on this machine and works in no parallel process. */
async function measureCost(client: Client, work: () => Promise<unknown>): Promise<Cost> {
  const { rows } = await client.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  const pids = [process.pid, ...rows.map(({ pid }) => pid)];
  const readAll = () => pids.reduce((sum, pid) => sum + readCpuMs(pid), 0);
  const before = { wallMs: performance.now(), cpuMs: readAll() };
  await work();
  return { wallMs: performance.now() - before.wallMs, cpuMs: readAll() - before.cpuMs };
}

const medianOf = (costs: readonly Cost[]): Cost => ({
  wallMs: median(costs.map(({ wallMs }) => wallMs)),
  cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
});
const formatCost = ({ cpuMs, wallMs }: Cost) => `${cpuMs.toFixed(1)} ms of CPU, ${wallMs.toFixed(1)} elapsed`;

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
  { name, read, isReport }: Measured,
  [largest, small]: readonly [Ctx, Ctx],
  period: Period,
): Promise<BenchRow> {
  const ofLargest: Cost[] = [];
  const ofSmall: Cost[] = [];
  for (let turn = 0; turn < READS_WARM + READS; turn++) {
    const costs = [
      await measureCost(client, () => read(largest, { period })),
      await measureCost(client, () => read(small, { period })),
    ] as const;
    if (turn < READS_WARM) continue;
    ofLargest.push(costs[0]);
    ofSmall.push(costs[1]);
  }
  const cost = medianOf(ofLargest);
  const smallCost = medianOf(ofSmall);
  const times = cost.cpuMs / smallCost.cpuMs;
  return {
    what: `${name}, ${DAYS[period]} days`,
    measured: `${formatCost(cost)}; ${times.toFixed(1)} times the small one: ${formatCost(smallCost)}`,
    target: isReport ? '–' : `≤ ${LIMITS[period]} ms, ≤ ${MOST_TIMES_SLOWER} times`,
    holds: isReport === true || (cost.cpuMs <= LIMITS[period] && times <= MOST_TIMES_SLOWER),
    figures: {
      cpuMs: ofLargest.map(({ cpuMs }) => cpuMs),
      wallMs: ofLargest.map(({ wallMs }) => wallMs),
      smallCpuMs: ofSmall.map(({ cpuMs }) => cpuMs),
      smallWallMs: ofSmall.map(({ wallMs }) => wallMs),
    },
  };
}

/**
 * Builds the rollups of an organization part by part, as after a change of its time zone, and gives it the same ones for the year
 * before, with which overview and quality compare. @returns ms of each part
 */
async function buildRollups(client: Client, organization: number): Promise<number[]> {
  const id = organizationIdOf(organization);
  await client.query(
    `insert into analytics_zones (organization_id, time_zone, next_time_zone) values ($1, 'UTC', 'Europe/Berlin')`,
    [id],
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

const UPKEEP_ROUNDS = 5;
const UPKEEP_LIMIT_MS = 0.2;

/** What it takes to compute one hour of each organization again, with the day and the month around it. */
async function measureUpkeep(
  services: Services,
  client: Client,
  what: string,
  organizations: readonly number[],
): Promise<BenchRow> {
  const each: Cost[] = [];
  for (let round = 1; round <= UPKEEP_ROUNDS; round++) {
    const { rowCount } = await client.query(
      `insert into analytics_dirty (organization_id, moment, since)
      select o.id, c.started_at, now() from unnest($1::text[]) o(id) cross join lateral (
        select started_at from analytics_calls where organization_id = o.id and started_at < now() - $2 * interval '3 hours'
        order by started_at desc limit 1) c`,
      [organizations.map(organizationIdOf), round],
    );
    const cost = await measureCost(client, () => refreshRollups(services));
    each.push({ cpuMs: cost.cpuMs / rowCount!, wallMs: cost.wallMs / rowCount! });
  }
  const cost = medianOf(each);
  return {
    what,
    measured: `${cost.cpuMs.toFixed(2)} ms of CPU, ${cost.wallMs.toFixed(2)} elapsed, for an hour of an organization`,
    target: `≤ ${UPKEEP_LIMIT_MS} ms`,
    holds: cost.cpuMs <= UPKEEP_LIMIT_MS,
    figures: { cpuMs: each.map(({ cpuMs }) => cpuMs), wallMs: each.map(({ wallMs }) => wallMs) },
  };
}

const progress = (what: string, startedAt: number) =>
  console.error(`… ${what}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);

async function measureAll(services: Services, client: Client): Promise<BenchRow[]> {
  const owners = [ownerOf(services, 1), ownerOf(services, 2)] as const;
  const sample = Array.from(
    { length: SAMPLE },
    (_, index) => 3 + Math.floor((index * (ORGANIZATIONS - 2)) / SAMPLE),
  );
  const startedAt = performance.now();
  const parts = await buildRollups(client, 1);
  progress('rollups of the largest organization', startedAt);
  for (const organization of [2, ...sample]) await buildRollups(client, organization);
  await client.query('vacuum (analyze) analytics_buckets');
  progress(`rollups of ${SAMPLE + 2} organizations`, startedAt);
  const rows: BenchRow[] = [];
  for (const period of ['month', 'year'] as const)
    for (const measured of READS_OF_PRODUCT)
      rows.push(
        await measureRead(client, measured, owners, period).catch((error: unknown) =>
          refusedRow(error, `${measured.name}, ${DAYS[period]} days`),
        ),
      );
  const upkeep = `upkeep, ${SAMPLE} organizations of all sizes at once`;
  return [
    ...rows,
    await measureUpkeep(services, client, upkeep, sample),
    {
      ...(await measureUpkeep(services, client, 'upkeep, the largest organization', [1])),
      target: '–',
      holds: true,
    },
    {
      what: 'the largest part of the rollups in a new time zone',
      measured: `${Math.max(...parts).toFixed(0)} ms; ${parts.length} parts of ${median(parts).toFixed(0)} ms`,
      target: '≤ 5,000 ms, the time of a statement',
      holds: Math.max(...parts) <= 5_000,
      figures: { ms: parts },
    },
  ];
}

/**
 * The product's own reads over measured calls of 2,000 organizations, as a verb takes them: proof of the session, one round trip
 * to a database on the same machine, and what makes the answer of the rows.
 * @param calls how many calls of all organizations in a year; the largest has 30 % of them, the small one 3,000
 */
export async function benchAnalytics(calls: number): Promise<BenchRow[]> {
  if (!process.env.TEST_DATABASE_URL)
    throw new Error('needs a PostgreSQL server: .ci/with-postgres npm run bench -- analytics');
  const database = await startTestDatabase();
  const client = new Client({ connectionString: database.connectionString });
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    await client.query(`alter database ${rows[0]!.name} set max_parallel_workers_per_gather = 0`);
    const startedAt = performance.now();
    await fillAnalytics(client, calls);
    progress(`filled with ${calls} calls`, startedAt);
    return await measureAll(createServicesOver(database), client);
  } finally {
    await client.end();
    await database.close();
  }
}
