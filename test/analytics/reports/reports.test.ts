import { strFromU8, unzipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { measureLateCalls, refreshRollups } from '../../../src/analytics/rollups/index.ts';
import { analyticsCalls, analyticsParticipations } from '../../../src/analytics/rollups/rollups.tables.ts';
import { REPORT_SOURCES } from '../../../src/analytics/reports/report-fields.rules.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { randomFrom } from '../../support/random.ts';
import { randomSecrets } from '../../support/environment.ts';
import { createApiKey } from '../../insights/quality/support.ts';
import { readPdf } from '../../support/read-pdf.ts';

const HOUR_MS = 3_600_000;
type CallRow = typeof analyticsCalls.$inferSelect;
type PersonRow = typeof analyticsParticipations.$inferSelect;
type Value = string | number | boolean | null;
interface Filter {
  field: string;
  operator: string;
  value: Value | Value[];
}
interface Spec {
  source: 'calls' | 'participants' | 'usage' | 'costs' | 'audit';
  dimensions: string[];
  measures: string[];
  filters: Filter[];
  sort: { by: string; direction: 'asc' | 'desc' }[];
  limit: number;
  period?: 'day' | 'week' | 'month' | 'year';
  from?: string;
  to?: string;
}

let app: TestApp;
let owner: Person;

const query = (spec: unknown, token = owner.token) =>
  app.send('POST', '/api/v1/analytics/queries', { token, body: spec });

/** Calls of an organization with measures of all kinds, some of them unknown. */
async function simulateCalls(person: Person, count: number, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const rooms = await Promise.all(
    [1, 2, 3].map((number) =>
      app.send('POST', '/api/v1/rooms', { token: person.token, body: { name: `Room ${number}` } }),
    ),
  );
  const nowMs = app.clock.now();
  await createCalls(
    app,
    Array.from({ length: count }, () => {
      const startedMs = nowMs - Math.floor(random() * 40 * 24 * HOUR_MS);
      const people = [person.userId, 'gst_a', 'svc'].filter(() => random() < 0.7).concat('ext_b');
      return {
        organizationId: person.organizationId,
        roomId: rooms[Math.floor(random() * 3)]!.body.id as string,
        status: 'ended' as const,
        region: random() < 0.3 ? null : ['EU', 'AS'][Math.floor(random() * 2)]!,
        peakParticipants: people.length,
        startedAt: new Date(startedMs),
        endedAt: new Date(Math.max(startedMs + 1, nowMs - Math.floor(random() * HOUR_MS))),
        endReason: random() < 0.2 ? ('lost' as const) : ('empty' as const),
        participants: people.map((identity) => ({
          identity,
          status: 'left' as const,
          region: random() < 0.3 ? null : 'EU',
          joinedAt: new Date(startedMs),
          connectedMs: Math.floor(random() * HOUR_MS),
        })),
      };
    }),
  );
  for (let round = 0; round * 200 < count; round++) await measureLateCalls(app.services);
  await refreshRollups(app.services);
  await app.services.database.commit(systemScope, (q) => [
    q.execute(sql`update analytics_participations set
      mos = case when hashtext(participant_id) % 3 = 0 then null else 100 + abs(hashtext(participant_id || 'm')) % 350 end,
      round_trip_ms = case when hashtext(participant_id) % 4 = 0 then null else abs(hashtext(participant_id || 'r')) % 400 end,
      jitter_ms = abs(hashtext(participant_id || 'j')) % 50,
      connection = (array['udp', 'relay', 'tcp'])[1 + abs(hashtext(participant_id)) % 3],
      cause = (array['healthy', 'uplink_loss', 'unknown'])[1 + abs(hashtext(participant_id || 'c')) % 3],
      device = (array['phone', 'desktop', 'unknown'])[1 + abs(hashtext(participant_id || 'd')) % 3],
      codec = (array['vp8', 'av1', 'unknown'])[1 + abs(hashtext(participant_id || 'v')) % 3]
      where organization_id = ${person.organizationId}`),
  ]);
}

/** Records of usage with revisions, and their cost lines: some without a price, some priced again. */
async function simulateUsage({ organizationId, userId }: Person): Promise<void> {
  await ownerSql(
    `insert into usage_events (id, organization_id, meter, key, revision, occurred_at, quantity, version, dimensions, user_id,
       recorded_at)
     select 'use_' || n || right($1, 8), $1, (array['participant_minutes', 'ai_tokens'])[1 + n % 2], 'key' || n / 2 / 2, 1 + n / 2 % 2,
       $2::timestamptz - n * interval '7 hours', 60000 * (n % 7), 1,
       jsonb_strip_nulls(jsonb_build_object('room', 'room_' || n % 3, 'call', case when n % 4 > 0 then 'call_' || n % 5 end,
         'model', case when n % 2 = 1 then 'model-' || n % 3 end, 'region', case when n % 3 > 0 then 'EU' end)),
       case when n % 5 > 0 then $3 end, $2::timestamptz
     from generate_series(1, 120) n`,
    [organizationId, new Date(app.clock.now()).toISOString(), userId],
  );
  await ownerSql(
    `with unchecked as materialized (select set_config('session_replication_role', 'replica', true)),
     line as (select u.*, entry, row_number() over (order by u.occurred_at) as n
       from usage_events u, generate_series(1, 3) entry where u.organization_id = $1)
     insert into cost_lines (organization_id, usage_id, entry, meter, occurred_at, call_id, quantity, price_version_id,
       amount_micros, unknown, recorded_at)
     select organization_id, id, entry, meter, occurred_at, dimensions ->> 'call', case entry when 2 then -quantity else quantity end,
       case when n % 4 > 0 then 'prc_' || entry end, case when n % 4 > 0 then case entry when 2 then -quantity else quantity / 3 end end,
       case when n % 4 > 0 then 0 when entry = 2 then -1 else 1 end, recorded_at
     from unchecked, line where entry = 1 or n % 2 = 0`,
    [organizationId],
  );
}

interface Row {
  startedAt: Date;
  fields: Record<string, Value>;
  [column: string]: unknown;
}
const RAW: Record<'usage' | 'costs' | 'audit', string> = {
  usage: `select u.occurred_at as at, u.quantity::float8 as quantity, u.meter || '/' || u.key as key, u.meter, u.dimensions, u.user_id
    from usage_events u where u.organization_id = $1`,
  costs: `select l.occurred_at as at, l.quantity::float8 as quantity, l.amount_micros::float8 as amount, l.entry, l.unknown, l.meter,
    u.dimensions, u.user_id from cost_lines l join usage_events u on u.id = l.usage_id where l.organization_id = $1`,
  audit: `select created_at as at, actor_kind, actor_id, action, severity, target_type from audit_logs where organization_id = $1`,
};

/** The rows of a source as they are stored, with the fields that a spec can name. */
async function readSource(source: keyof typeof RAW, organizationId: string): Promise<Row[]> {
  const rows = await ownerSql<Record<string, any>>(RAW[source], [organizationId]); // eslint-disable-line typescript/no-explicit-any -- columns of three tables
  return rows.map((row) => {
    const startedAt = new Date(row['at'] as string);
    const { room, call, model, region } = (row['dimensions'] ?? {}) as Record<string, string | undefined>;
    const own: Record<string, Value> =
      source === 'audit'
        ? {
            actorKind: row['actor_kind'],
            actorId: row['actor_id'],
            action: row['action'],
            severity: row['severity'],
            targetType: row['target_type'],
          }
        : {
            meter: row['meter'],
            roomId: room ?? null,
            callId: call ?? null,
            userId: row['user_id'],
            model: model ?? null,
            region: region ?? null,
          };
    return { ...row, startedAt, fields: { ...timesOf(startedAt), ...own } };
  });
}

const distinctField = (name: string) => (rows: readonly Row[]) =>
  distinct(rows.map(({ fields }) => fields[name] as string | null));
const numbers = (rows: readonly Row[], column: string) => rows.map((row) => Number(row[column]));
const quantity = (rows: readonly Row[]) => sum(numbers(rows, 'quantity'));
const MEASURES: Record<keyof typeof RAW, Record<string, (rows: readonly Row[]) => Value>> = {
  usage: {
    quantity,
    records: (rows) => distinct(rows.map((row) => row['key'] as string)),
    calls: distinctField('callId'),
    users: distinctField('userId'),
  },
  costs: {
    costMicros: (rows) => {
      const priced = rows.filter((row) => row['amount'] !== null);
      const count = sum(priced.map((row) => (Number(row['entry']) % 2 === 0 ? -1 : 1)));
      return count > 0 ? sum(numbers(priced, 'amount')) : null;
    },
    unknownCount: (rows) => sum(numbers(rows, 'unknown')),
    quantity,
    calls: distinctField('callId'),
  },
  audit: { entries: (rows) => rows.length, actors: distinctField('actorId') },
};

async function readRows(organizationId: string): Promise<{ calls: CallRow[]; participants: PersonRow[] }> {
  const [calls, participants] = await app.services.database.read(systemScope, (q) => [
    q.select().from(analyticsCalls),
    q.select().from(analyticsParticipations),
  ]);
  const isOwn = (row: { organizationId: string }) => row.organizationId === organizationId;
  return { calls: calls.filter(isOwn), participants: participants.filter(isOwn) };
}

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const timesOf = (at: Date): Record<string, Value> => {
  const day = Date.parse(isoDay(at.getTime()));
  return {
    hour: `${at.toISOString().slice(0, 13)}:00:00Z`,
    day: isoDay(day),
    week: isoDay(day - ((at.getUTCDay() + 6) % 7) * 24 * HOUR_MS),
    month: `${isoDay(day).slice(0, 7)}-01`,
  };
};
const fieldsOfCall = (row: CallRow): Record<string, Value> => ({
  ...timesOf(row.startedAt),
  type: row.type,
  region: row.region,
  lost: row.lost,
  withAgent: row.withAgent,
  callSeconds: row.durationMs / 1000,
  peakParticipants: row.peakParticipants,
});
const fieldsOfPerson = (row: PersonRow): Record<string, Value> => ({
  ...timesOf(row.startedAt),
  kind: row.kind,
  userId: row.userId,
  roomId: row.roomId,
  region: row.region,
  connection: row.connection,
  cause: row.cause,
  device: row.device,
  codec: row.codec,
  participantSeconds: row.connectedMs / 1000,
  mos: row.mos === null ? null : row.mos / 100,
  roundTripSeconds: row.roundTripMs === null ? null : row.roundTripMs / 1000,
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
/** Divided last, so that equal means are equal. */
const mean = (values: readonly (number | null)[], unit = 1): Value =>
  known(values).length === 0 ? null : sum(known(values)) / known(values).length / unit;
const distinct = (values: readonly (string | null)[]) =>
  new Set(values.filter((value) => value !== null)).size;
const maximum = (values: readonly number[]): Value => (values.length === 0 ? null : Math.max(...values));

const CALL_MEASURES: Record<string, (rows: readonly CallRow[]) => Value> = {
  calls: (rows) => rows.length,
  callSeconds: (rows) => sum(rows.map(({ durationMs }) => durationMs)) / 1000,
  averageCallSeconds: (rows) =>
    mean(
      rows.map(({ durationMs }) => durationMs),
      1000,
    ),
  longestCallSeconds: (rows) => maximum(rows.map(({ durationMs }) => durationMs / 1000)),
  peakParticipants: (rows) => maximum(rows.map(({ peakParticipants }) => peakParticipants)),
};
const PERSON_MEASURES: Record<string, (rows: readonly PersonRow[]) => Value> = {
  participations: (rows) => rows.length,
  calls: (rows) => distinct(rows.map(({ callId }) => callId)),
  users: (rows) => distinct(rows.map(({ userId }) => userId)),
  participantSeconds: (rows) => sum(rows.map(({ connectedMs }) => connectedMs)) / 1000,
  sentBytes: (rows) => sum(rows.map(({ bytesSent }) => bytesSent)),
  receivedBytes: (rows) => sum(rows.map(({ bytesReceived }) => bytesReceived)),
  impairedParticipations: (rows) => rows.filter(({ cause }) => cause === 'uplink_loss').length,
  averageMos: (rows) =>
    mean(
      rows.map(({ mos }) => mos),
      100,
    ),
  averageRoundTripSeconds: (rows) =>
    mean(
      rows.map(({ roundTripMs }) => roundTripMs),
      1000,
    ),
  p95RoundTripSeconds: (rows) => {
    const values = known(rows.map(({ roundTripMs }) => roundTripMs)).sort((a, b) => a - b);
    return values.length === 0 ? null : values[Math.ceil(0.95 * values.length) - 1]! / 1000;
  },
  averageJitterSeconds: (rows) =>
    mean(
      rows.map(({ jitterMs }) => jitterMs),
      1000,
    ),
  averageLossRatio: (rows) =>
    mean(
      rows.map(({ lossPpm }) => lossPpm),
      1e6,
    ),
};

function holds(actual: Value, { operator, value }: Filter): boolean {
  if (operator === 'in') return (value as Value[]).includes(actual);
  if (operator === 'eq') return actual === value;
  if (operator === 'ne') return actual !== value;
  if (actual === null) return false;
  const [a, b] = [actual as number, value as number];
  return { lt: a < b, lte: a <= b, gt: a > b, gte: a >= b }[operator]!;
}

const compare = (a: Value, b: Value): number => {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
};

/** The time of a spec: the last days until the end of today, or a range that is widened to full hours. */
function boundsOf({ period = 'month', from, to }: Spec): [number, number] {
  if (from !== undefined && to !== undefined)
    return [Math.floor(Date.parse(from) / HOUR_MS) * HOUR_MS, Math.ceil(Date.parse(to) / HOUR_MS) * HOUR_MS];
  const toMs = Date.parse(isoDay(app.clock.now())) + 24 * HOUR_MS;
  return [toMs - { day: 1, week: 7, month: 30, year: 365 }[period] * 24 * HOUR_MS, toMs];
}

/** What a report must answer, computed over the rows. */
function expected<T extends { startedAt: Date }>(
  spec: Spec,
  rows: readonly T[],
  {
    fields,
    measures,
  }: { fields(row: T): Record<string, Value>; measures: Record<string, (rows: readonly T[]) => Value> },
): { rows: Value[][]; truncated: boolean } {
  const [fromMs, toMs] = boundsOf(spec);
  const kept = rows.filter((row) => {
    const values = fields(row);
    const at = row.startedAt.getTime();
    return at >= fromMs && at < toMs && spec.filters.every((filter) => holds(values[filter.field]!, filter));
  });
  const groups = new Map<string, { key: Value[]; rows: T[] }>();
  if (spec.dimensions.length === 0) groups.set('', { key: [], rows: [] });
  for (const row of kept) {
    const key = spec.dimensions.map((name) => fields(row)[name]!);
    const group = groups.get(key.length === 0 ? '' : JSON.stringify(key)) ?? { key, rows: [] };
    groups.set(key.length === 0 ? '' : JSON.stringify(key), group);
    group.rows.push(row);
  }
  const names = [...spec.dimensions, ...spec.measures];
  const order = [...spec.sort, ...spec.dimensions.map((by) => ({ by, direction: 'asc' as const }))];
  const sorted = [...groups.values()]
    .map(({ key, rows: group }) => [...key, ...spec.measures.map((name) => measures[name]!(group))])
    .sort((a, b) => {
      for (const { by, direction } of order) {
        const [x, y] = [a[names.indexOf(by)]!, b[names.indexOf(by)]!];
        // Unknown values come last in either direction.
        const found = compare(x, y) * (direction === 'desc' && x !== null && y !== null ? -1 : 1);
        if (found !== 0) return found;
      }
      return 0;
    });
  return { rows: sorted.slice(0, spec.limit), truncated: sorted.length > spec.limit };
}

/** Numbers as close as two ways of adding them up are. */
const closeTo = (rows: readonly (readonly Value[])[]) =>
  rows.map((row) => row.map((cell) => (typeof cell === 'number' ? expect.closeTo(cell, 6) : cell)));

/** What is counted of each source. */
const COUNTED = {
  calls: 'calls',
  participants: 'participations',
  usage: 'records',
  costs: 'calls',
  audit: 'entries',
} as const;

/** Each filter of each source with each operator: with a value that is there, and with an unknown one. */
function specsOfEveryFilter(values: (field: string) => Value[]): Spec[] {
  const specOf = (source: Spec['source'], filter: Filter): Spec => ({
    source,
    dimensions: [],
    measures: [COUNTED[source]],
    filters: [filter],
    sort: [],
    limit: 1,
    period: 'month',
  });
  return (Object.keys(COUNTED) as Spec['source'][]).flatMap((source) =>
    Object.entries(REPORT_SOURCES[source].filters).flatMap(([field, { type }]) => {
      const known = values(field).find((value) => value !== null)!;
      const ordering = type === 'number' ? ['lt', 'lte', 'gt', 'gte'] : [];
      const filters: Filter[] = [
        ...['eq', 'ne', ...ordering].map((operator) => ({ field, operator, value: known })),
        ...['eq', 'ne'].map((operator) => ({ field, operator, value: null })),
        { field, operator: 'in', value: [known, null] },
      ];
      return filters.map((filter) => specOf(source, filter));
    }),
  );
}

function randomSpec(random: () => number, values: (field: string) => Value[]): Spec {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const some = <T>(list: readonly T[], most: number): T[] =>
    list.toSorted(() => random() - 0.5).slice(0, Math.floor(random() * (most + 1)));
  const source = pick(['calls', 'participants', 'usage', 'costs', 'audit'] as const);
  const { dimensions, measures, filters } = REPORT_SOURCES[source];
  const chosen = some(Object.keys(dimensions), 3);
  const measured = [...new Set([pick(Object.keys(measures)), ...some(Object.keys(measures), 4)])];
  const makeFilter = (): Filter => {
    const field = pick(Object.keys(filters));
    const { type } = (filters as Record<string, { type: string }>)[field]!;
    const operator = pick(
      type === 'number' ? ['eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte'] : ['eq', 'ne', 'in'],
    );
    const all = values(field).filter(
      (value) => value !== null || !['lt', 'lte', 'gt', 'gte'].includes(operator),
    );
    return { field, operator, value: operator === 'in' ? [pick(all), pick(all)] : pick(all) };
  };
  if (measured.includes('quantity') && !chosen.includes('meter')) chosen.push('meter');
  const named = [...chosen, ...measured];
  const from = app.clock.now() - Math.floor(random() * 45 * 24 * HOUR_MS);
  const to = from + 1 + Math.floor(random() * 20 * 24 * HOUR_MS);
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    source,
    dimensions: chosen,
    measures: measured,
    filters: Array.from({ length: Math.floor(random() * 3) }, makeFilter),
    sort: some(named, 2).map((by) => ({ by, direction: pick(['asc', 'desc'] as const) })),
    limit: pick([1, 3, 50, 10_000]),
    ...(random() < 0.3
      ? { from: iso(from), to: iso(to) }
      : { period: pick(['day', 'week', 'month', 'year'] as const) }),
  };
}

/** `REPORT_SPECS=2000` for a longer run. */
const SPECS = Number(process.env['REPORT_SPECS'] ?? 60);

describe('reports', () => {
  beforeEach(async () => {
    app = createTestApp();
    owner = await app.person();
  });

  it(`answer each filter with each operator and ${SPECS} generated specs as a count over the organization's own rows does, within their limits`, async () => {
    const outsider = await app.person();
    await simulateCalls(owner, 60, 1);
    await simulateCalls(outsider, 20, 2);
    await simulateUsage(owner);
    await simulateUsage(outsider);
    const { calls, participants } = await readRows(owner.organizationId);
    expect([calls.length, participants.length > 120]).toEqual([60, true]);
    const { organizationId } = owner;
    const stored = {
      usage: await readSource('usage', organizationId),
      costs: await readSource('costs', organizationId),
      audit: await readSource('audit', organizationId),
    };
    expect(stored.costs.length).toBeGreaterThan(stored.usage.length);
    const random = randomFrom(3);
    const all = [
      ...calls.map(fieldsOfCall),
      ...participants.map(fieldsOfPerson),
      ...Object.values(stored).flatMap((rows) => rows.map(({ fields }) => fields)),
    ];
    // Ids of another organization are asked for, too: they must find nothing.
    const theirs = await readRows(outsider.organizationId);
    const foreign = [
      ...theirs.participants.map(fieldsOfPerson),
      ...(await readSource('usage', outsider.organizationId)).map(({ fields }) => fields),
      { userId: outsider.userId, actorId: outsider.userId },
    ].map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name.endsWith('Id'))));
    const known = [...all, ...foreign];
    const values = (field: string) => [
      ...new Set(known.flatMap((row) => (field in row ? [row[field]!] : []))),
    ];
    const specs = Array.from({ length: SPECS }, () => randomSpec(random, values));
    for (const spec of [...specsOfEveryFilter(values), ...specs]) {
      const answer = await query(spec, owner.token);
      const wanted =
        spec.source === 'calls'
          ? expected(spec, calls, { fields: fieldsOfCall, measures: CALL_MEASURES })
          : spec.source === 'participants'
            ? expected(spec, participants, { fields: fieldsOfPerson, measures: PERSON_MEASURES })
            : expected(spec, stored[spec.source], {
                fields: ({ fields }) => fields,
                measures: MEASURES[spec.source],
              });
      expect(answer.status, JSON.stringify(spec)).toBe(200);
      expect(answer.body, JSON.stringify(spec)).toMatchObject({
        rows: closeTo(wanted.rows),
        truncated: wanted.truncated,
      });
    }
  });

  it('have at most 10,000 rows, and say that there are more', async () => {
    const { organizationId } = owner;
    await ownerSql(
      `insert into usage_events (id, organization_id, meter, key, revision, occurred_at, quantity, version, dimensions, recorded_at)
       select 'use_' || n || right($1, 8), $1, 'participant_minutes', 'key' || n, 1, $2::timestamptz, 1, 1,
         jsonb_build_object('call', 'call_' || n), $2::timestamptz
       from generate_series(1, 10001) n`,
      [organizationId, new Date(app.clock.now()).toISOString()],
    );
    const spec = { source: 'usage', dimensions: ['meter', 'callId'], measures: ['quantity'], limit: 10_000 };
    const { body } = await query(spec);
    expect([body.rows.length, body.truncated]).toEqual([10_000, true]);
  });

  it('that take longer than a statement may are refused', async () => {
    const secrets = randomSecrets();
    app = createTestApp({}, secrets);
    owner = await app.person();
    const spec = { source: 'calls', dimensions: ['day'], measures: ['calls'] };
    const hurried = createTestApp({}, { ...secrets, STATEMENT_TIMEOUT_MS: '100' });
    // What holds the rows keeps the statement waiting until it is cancelled, on however fast a machine.
    await app.services.database.transaction(systemScope, async (tx) => {
      await tx.execute(sql`lock table analytics_calls in access exclusive mode`);
      expect(
        await hurried.send('POST', '/api/v1/analytics/queries', { token: owner.token, body: spec }),
      ).toMatchObject({ status: 422, body: { code: 'reports.too_large' } });
    });
    expect(await query(spec)).toMatchObject({ status: 200 });
  });

  it('refuse names that no source has, whatever they look like, and values of another type', async () => {
    const spec = { source: 'calls', measures: ['calls'] };
    const wrong: [object, string][] = [
      [{ measures: ['count(*)'] }, '/measures/0'],
      [{ measures: [] }, '/measures'],
      [{ dimensions: ['day; drop table calls'] }, '/dimensions/0'],
      [{ dimensions: ['constructor'] }, '/dimensions/0'],
      [{ dimensions: ['day', 'day'] }, '/dimensions/1'],
      [{ filters: [{ field: '__proto__', operator: 'eq', value: 1 }] }, '/filters/0/field'],
      [{ filters: [{ field: 'region', operator: 'gt', value: 'EU' }] }, '/filters/0/operator'],
      [{ filters: [{ field: 'lost', operator: 'eq', value: 'yes' }] }, '/filters/0/value'],
      [{ filters: [{ field: 'region', operator: 'in', value: 'EU' }] }, '/filters/0/value'],
      [{ sort: [{ by: 'region' }] }, '/sort/0/by'],
      [{ limit: 10_001 }, '/limit'],
      [{ source: 'usage', measures: ['quantity'] }, '/measures/0'],
      [
        {
          source: 'costs',
          measures: ['quantity'],
          filters: [{ field: 'meter', operator: 'ne', value: 'a' }],
        },
        '/measures/0',
      ],
      [{ from: '2026-01-01T00:00:00Z' }, '/to'],
      [{ from: '2024-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '/to'],
      [{ organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe' }, '/organizationId'],
    ];
    for (const [change, pointer] of wrong) {
      const answer = await query({ ...spec, ...change });
      expect(answer.status, JSON.stringify(change)).toBe(400);
      expect(JSON.stringify(answer.body.errors), JSON.stringify(change)).toContain(pointer);
    }
  });

  it('are saved up to 500 in an organization, also when several are saved at once', async () => {
    const spec = { source: 'calls', measures: ['calls'] };
    await ownerSql(
      `insert into reports (id, organization_id, name, spec, format, created_at, updated_at)
       select 'rpt_' || n || $1, $1, 'Report', $2::jsonb, 'csv', now(), now() from generate_series(1, 499) n`,
      [owner.organizationId, JSON.stringify({ ...spec, dimensions: [], filters: [], sort: [], limit: 1 })],
    );
    const body = { name: 'Last', spec, format: 'csv' };
    const save = () => app.send('POST', '/api/v1/analytics/reports', { token: owner.token, body });
    const answers = await Promise.all(Array.from({ length: 10 }, save));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body: { code } }) => code === 'reports.too_many')).toHaveLength(9);
  });

  it.each([
    { source: 'audit', dimensions: ['action'], measures: ['entries'] },
    { source: 'usage', dimensions: ['meter'], measures: ['quantity'] },
    { source: 'costs', dimensions: ['meter'], measures: ['costMicros'] },
  ])('show $source to those only who may read it, also as a saved report and as a file', async (spec) => {
    const made = await app.send('POST', '/api/v1/analytics/reports', {
      token: owner.token,
      body: { name: 'What happened', spec, format: 'csv' },
    });
    expect(made).toMatchObject({ status: 201 });
    const runs = `/api/v1/analytics/reports/${made.body.id}/runs`;
    const key = await createApiKey(app, owner, ['analytics:read', 'operations:read']);
    expect(await query(spec, key)).toMatchObject({ status: 403 });
    expect(await app.send('POST', runs, { token: key })).toMatchObject({ status: 403 });
    const started = await app.send('POST', runs, { token: owner.token });
    expect(started).toMatchObject({ status: 202 });
    await app.drain();
    const result = `/api/v1/operations/${started.body.id}/result`;
    expect(await app.send('GET', result, { token: key })).toMatchObject({ status: 404 });
    expect(await app.send('GET', result, { token: owner.token })).toMatchObject({ status: 200 });
    const { rows } = (await query(spec)).body;
    if (spec.source === 'audit') expect(rows).toContainEqual(['report.created', 1]);
    else expect(rows).toEqual([]);
  });

  /** The file that a run of a report makes. */
  async function runReport(id: string, format: string): Promise<{ name: string; file: Uint8Array }> {
    const runs = `/api/v1/analytics/reports/${id}/runs`;
    const started = await app.send('POST', runs, { token: owner.token, body: { format } });
    expect(started).toMatchObject({ status: 202 });
    await app.drain();
    const answer = await app.app.request(`/api/v1/operations/${started.body.id}/result`, {
      headers: { authorization: `Bearer ${owner.token}` },
    });
    expect(answer.status).toBe(200);
    const name = answer.headers.get('content-disposition')!;
    return { name, file: new Uint8Array(await answer.arrayBuffer()) };
  }

  it('show a chart on page and PDF: over days a column for each, over anything else the first 20 rows with their values', async () => {
    await simulateCalls(owner, 48, 4);
    const chartOf = async (dimensions: string[]) => {
      const spec = { source: 'participants', dimensions, measures: ['participations'] };
      const made = await app.send('POST', '/api/v1/analytics/reports', {
        token: owner.token,
        body: { name: `By ${dimensions.join(' ')}`, spec, format: 'html' },
      });
      const page = strFromU8((await runReport(made.body.id, 'html')).file);
      return {
        rows: page.split('<tr>').length - 2,
        caption: /<figcaption>(.*?)<\/figcaption>/s.exec(page)?.[1],
        bars: page.split('<rect').length - 1,
        pdf: readPdf((await runReport(made.body.id, 'pdf')).file),
      };
    };
    const days = await chartOf(['day']);
    expect(days.rows).toBeGreaterThan(10);
    expect(days).toMatchObject({ caption: 'Participations by day', bars: days.rows });
    expect(days.pdf).toContain('Participations by day');
    const groups = await chartOf(['day', 'kind']);
    const caption = `Participations by day, kind: the first 20 of ${groups.rows} rows`;
    expect(groups).toMatchObject({ caption, bars: 20 });
    expect(groups.pdf).toContain(caption);
    expect(await chartOf([])).toMatchObject({ caption: undefined, bars: 0, rows: 1 });
  });

  it('write text that a spreadsheet would read as a formula as text', async () => {
    const { token } = owner;
    const name = 'acme.formulas';
    const meter = { name, unit: 'count', description: 'Formulas.', dimensions: ['model'] };
    expect((await app.send('POST', '/api/v1/usage/meters', { token, body: meter })).status).toBe(201);
    const formulas = ['=0', '=1+1', '+1', '-1', '@SUM(1)', '＝1+1'];
    const events = formulas.map((model, index) => ({
      specversion: '1.0',
      id: `formula-${index}`,
      source: '/formulas',
      type: name,
      time: new Date(app.clock.now() - 60_000).toISOString(),
      data: { quantity: 1, dimensions: { model } },
    }));
    expect((await app.send('POST', '/api/v1/usage/events', { token, body: events })).status).toBe(200);
    // No event has a tab at its start; a row that an older version has stored could.
    await ownerSql(
      `update usage_events set dimensions = jsonb_build_object('model', E'\\t=1+1') where organization_id = $1 and key like '%formula-0'`,
      [owner.organizationId],
    );
    formulas[0] = '\t=1+1';
    const spec = { source: 'usage', dimensions: ['meter', 'model'], measures: ['quantity'] };
    const made = await app.send('POST', '/api/v1/analytics/reports', {
      token,
      body: { name: 'Usage', spec },
    });
    const text = async (format: string) => strFromU8((await runReport(made.body.id, format)).file);
    const lines = (await text('csv')).split('\r\n');
    expect(lines.toSorted()).toEqual(
      ['', '"meter","model","quantity"', ...formulas.map((model) => `"${name}","'${model}",1`)].toSorted(),
    );
    const { file } = await runReport(made.body.id, 'xlsx');
    const sheet = strFromU8(unzipSync(file)['xl/worksheets/sheet1.xml']!);
    for (const model of formulas) expect(sheet).toContain(`<t xml:space="preserve">${model}</t>`);
    expect(sheet).not.toContain('<f>');
    expect(await text('html')).toContain('=1+1');
  });

  it('write the same rows as JSON, CSV, workbook, page and PDF, in none of which a name becomes a formula or markup', async () => {
    const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
    await createCalls(app, [
      {
        organizationId: owner.organizationId,
        roomId: room.body.id,
        status: 'ended',
        startedAt: new Date(app.clock.now() - 60_000),
        endedAt: new Date(app.clock.now()),
        participants: [
          { identity: owner.userId, joinedAt: new Date(app.clock.now() - 60_000), connectedMs: 60_000 },
        ],
      },
    ]);
    await measureLateCalls(app.services);
    const made = await app.send('POST', '/api/v1/analytics/reports', {
      token: owner.token,
      body: {
        name: '=1+1 <script> über Łódź',
        spec: { source: 'participants', dimensions: ['roomId', 'region'], measures: ['participantSeconds'] },
      },
    });
    const files: Record<string, Uint8Array> = {};
    for (const format of ['json', 'csv', 'xlsx', 'html', 'pdf']) {
      const { name, file } = await runReport(made.body.id, format);
      expect(name).toMatch(new RegExp(`1-1-script-.*\\.${format}`));
      files[format] = file;
    }
    const text = (format: string) => strFromU8(files[format]!);
    const roomId = room.body.id as string;
    expect(JSON.parse(text('json'))).toMatchObject({ rows: [[roomId, null, 60]], truncated: false });
    expect(text('csv')).toBe(`"roomId","region","participantSeconds"\r\n"${roomId}","",60\r\n`);
    const sheet = strFromU8(unzipSync(files['xlsx']!)['xl/worksheets/sheet1.xml']!);
    expect(sheet).toContain(`<t xml:space="preserve">${roomId}</t></is></c><c/><c><v>60</v></c>`);
    expect(sheet).not.toContain('<f>');
    expect(text('html')).toContain('<h1>=1+1 &lt;script&gt; über Łódź</h1>');
    const shown = readPdf(files['pdf']!);
    expect(shown[0]).toBe('=1+1 <script> über ?ódz');
    expect(shown.join(' ')).toContain('The fonts of this file lack some characters');
    expect(shown.slice(-7)).toEqual([
      'Room',
      'Region',
      'Participant seconds',
      roomId,
      '–',
      '60',
      'Page 1 of 1',
    ]);
    const { body } = await app.send('GET', `/api/v1/analytics/reports/${made.body.id}`, {
      token: owner.token,
    });
    expect(body).toMatchObject({
      format: 'xlsx',
      lastRunAt: expect.any(String),
      lastOperationId: expect.any(String),
    });
  });
});
