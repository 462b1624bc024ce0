import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { auditLogs } from '../../kernel/audit/audit.tables.ts';
import { type RangeRequest, rangeTable } from '../rollups/index.ts';
import { analyticsCalls, analyticsParticipations } from '../rollups/rollups.tables.ts';
import type { Operator, REPORT_SOURCES, SourceName } from './report-fields.rules.ts';
import type { FilterValue, ReportFilter, ReportSpec } from './report-spec.schemas.ts';

type Sources = typeof REPORT_SOURCES;
type Compiled<S extends SourceName> = {
  table: SQL;
  /** The moment at which a row counts. */
  at: SQL;
  organization: SQL;
  dimensions: Record<keyof Sources[S]['dimensions'], SQL>;
  measures: Record<keyof Sources[S]['measures'], SQL>;
  filters: Record<keyof Sources[S]['filters'], SQL>;
};

const timesOf = (at: SQL) => ({
  hour: sql`to_char(date_trunc('hour', ${at}, r.time_zone) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
  day: sql`to_char(date_trunc('day', ${at}, r.time_zone) at time zone r.time_zone, 'YYYY-MM-DD')`,
  week: sql`to_char(date_trunc('week', ${at}, r.time_zone) at time zone r.time_zone, 'YYYY-MM-DD')`,
  month: sql`to_char(date_trunc('month', ${at}, r.time_zone) at time zone r.time_zone, 'YYYY-MM-DD')`,
});

const call = analyticsCalls;
const callFields = {
  type: sql`${call.type}`,
  region: sql`${call.region}`,
  lost: sql`${call.lost}`,
  withAgent: sql`${call.withAgent}`,
};
const callSeconds = sql`${call.durationMs} / 1000.0`;

const person = analyticsParticipations;
const personFields = {
  kind: sql`${person.kind}`,
  userId: sql`${person.userId}`,
  roomId: sql`${person.roomId}`,
  region: sql`${person.region}`,
  connection: sql`${person.connection}`,
  cause: sql`${person.cause}`,
};

const audit = auditLogs;
const auditFields = {
  actorKind: sql`${audit.actorKind}`,
  actorId: sql`${audit.actorId}`,
  action: sql`${audit.action}`,
  severity: sql`${audit.severity}`,
  targetType: sql`${audit.targetType}`,
};

/** What each name of a spec means in SQL. Nothing of a spec but its values ever becomes part of a statement. */
const SOURCES: { [S in SourceName]: Compiled<S> } = {
  calls: {
    table: sql`${call}`,
    at: sql`${call.startedAt}`,
    organization: sql`${call.organizationId}`,
    dimensions: { ...timesOf(sql`${call.startedAt}`), ...callFields },
    measures: {
      calls: sql`count(*)`,
      callSeconds: sql`coalesce(sum(${callSeconds}), 0)`,
      averageCallSeconds: sql`avg(${callSeconds})`,
      longestCallSeconds: sql`max(${callSeconds})`,
      peakParticipants: sql`max(${call.peakParticipants})`,
    },
    filters: { ...callFields, callSeconds, peakParticipants: sql`${call.peakParticipants}` },
  },
  participants: {
    table: sql`${person}`,
    at: sql`${person.startedAt}`,
    organization: sql`${person.organizationId}`,
    dimensions: { ...timesOf(sql`${person.startedAt}`), ...personFields },
    measures: {
      participations: sql`count(*)`,
      calls: sql`count(distinct ${person.callId})`,
      users: sql`count(distinct ${person.userId})`,
      participantSeconds: sql`coalesce(sum(${person.connectedMs} / 1000.0), 0)`,
      sentBytes: sql`coalesce(sum(${person.bytesSent}), 0)`,
      receivedBytes: sql`coalesce(sum(${person.bytesReceived}), 0)`,
      impairedParticipations: sql`count(*) filter (where ${person.cause} not in ('healthy', 'muted', 'unknown'))`,
      averageMos: sql`avg(${person.mos} / 100.0)`,
      averageRoundTripSeconds: sql`avg(${person.roundTripMs} / 1000.0)`,
      p95RoundTripSeconds: sql`percentile_disc(0.95) within group (order by ${person.roundTripMs}) / 1000.0`,
      averageJitterSeconds: sql`avg(${person.jitterMs} / 1000.0)`,
      averageLossRatio: sql`avg(${person.lossPpm} / 1000000.0)`,
    },
    filters: {
      ...personFields,
      participantSeconds: sql`${person.connectedMs} / 1000.0`,
      mos: sql`${person.mos} / 100.0`,
      roundTripSeconds: sql`${person.roundTripMs} / 1000.0`,
    },
  },
  audit: {
    table: sql`${audit}`,
    at: sql`${audit.createdAt}`,
    organization: sql`${audit.organizationId}`,
    dimensions: { ...timesOf(sql`${audit.createdAt}`), ...auditFields },
    measures: { entries: sql`count(*)`, actors: sql`count(distinct ${audit.actorId})` },
    filters: auditFields,
  },
};

const COMPARISONS: Record<Exclude<Operator, 'in'>, SQL> = {
  eq: sql`is not distinct from`,
  ne: sql`is distinct from`,
  lt: sql`<`,
  lte: sql`<=`,
  gt: sql`>`,
  gte: sql`>=`,
};

function parameter(value: FilterValue): SQL {
  if (typeof value === 'number') return sql`${value}::float8`;
  return typeof value === 'boolean' ? sql`${value}::boolean` : sql`${value}::text`;
}

function conditionOf(field: SQL, { operator, value }: ReportFilter): SQL {
  if (operator !== 'in') return sql`(${field}) ${COMPARISONS[operator]} ${parameter(value as FilterValue)}`;
  const equal = (value as FilterValue[]).map((each) => sql`(${field}) ${COMPARISONS.eq} ${parameter(each)}`);
  return sql`(${sql.join(equal, sql` or `)})`;
}

/**
 * The rows of a report as JSON objects, one more than its limit when there are more. The organization is that of the
 * context, whatever the spec says; row-level security repeats it.
 */
export function selectReport(q: Queries, request: RangeRequest, spec: ReportSpec) {
  const source: Compiled<SourceName> = SOURCES[spec.source];
  const named = new Map<string, SQL>([
    ...spec.dimensions.map((name) => [name, (source.dimensions as Record<string, SQL>)[name]!] as const),
    ...spec.measures.map((name) => [name, (source.measures as Record<string, SQL>)[name]!] as const),
  ]);
  const alias = new Map([...named.keys()].map((name, index) => [name, sql.identifier(`c${index}`)]));
  const columns = [...named].map(([name, expression]) =>
    spec.dimensions.includes(name)
      ? sql`${expression} as ${alias.get(name)!}`
      : sql`(${expression})::float8 as ${alias.get(name)!}`,
  );
  const filters = spec.filters.map((filter) =>
    conditionOf((source.filters as Record<string, SQL>)[filter.field]!, filter),
  );
  const conditions = [
    sql`${source.organization} = ${request.organizationId}`,
    sql`${source.at} >= r.from_at and ${source.at} < r.to_at`,
    ...filters,
  ];
  const sorted = spec.sort.map(({ by, direction }) =>
    direction === 'asc' ? sql`${alias.get(by)!} asc nulls last` : sql`${alias.get(by)!} desc nulls last`,
  );
  const order = [...sorted, ...spec.dimensions.map((name) => sql`${alias.get(name)!} asc nulls last`)];
  const groups = spec.dimensions.map((name) => alias.get(name)!);
  const grouped = groups.length > 0 ? sql`group by ${sql.join(groups, sql`, `)}` : sql``;
  const ordered = order.length > 0 ? sql`order by ${sql.join(order, sql`, `)}` : sql``;
  const pairs = [...named.keys()].map((name) => sql`${name}::text, t.${alias.get(name)!}`);
  return q
    .select({
      row: sql<
        Record<string, string | number | boolean | null>
      >`jsonb_build_object(${sql.join(pairs, sql`, `)})`,
    })
    .from(
      sql`(select ${sql.join(columns, sql`, `)} from ${rangeTable(request)} cross join ${source.table}
        where ${sql.join(conditions, sql` and `)} ${grouped} ${ordered} limit ${spec.limit + 1}) t`,
    );
}
