import { type SQL, sql } from 'drizzle-orm';
import { auditLogs } from '../../kernel/audit/audit.tables.ts';
import { costLines } from '../../billing/costs/costs.tables.ts';
import { usageEvents } from '../../billing/usage/usage.tables.ts';
import { analyticsCalls, analyticsParticipations } from '../rollups/rollups.tables.ts';
import type { REPORT_SOURCES, SourceName } from './report-fields.rules.ts';

type Sources = typeof REPORT_SOURCES;
export type Compiled<S extends SourceName> = {
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
  device: sql`${person.device}`,
  codec: sql`${person.codec}`,
};

const usage = usageEvents;
const usageFields = {
  meter: sql`${usage.meter}`,
  roomId: sql`(${usage.dimensions} ->> 'room')`,
  callId: sql`(${usage.dimensions} ->> 'call')`,
  userId: sql`coalesce(${usage.dimensions} ->> 'user', ${usage.userId})`,
  model: sql`(${usage.dimensions} ->> 'model')`,
  region: sql`(${usage.dimensions} ->> 'region')`,
};
const line = costLines;
/** The number of lines with a known amount; one that takes a line back counts against it. */
const knownLines = sql`sum(case when ${line.amountMicros} is null then 0 when ${line.entry} % 2 = 0 then -1 else 1 end)`;

const audit = auditLogs;
const auditFields = {
  actorKind: sql`${audit.actorKind}`,
  actorId: sql`${audit.actorId}`,
  action: sql`${audit.action}`,
  severity: sql`${audit.severity}`,
  targetType: sql`${audit.targetType}`,
};

/** The meaning of each name of a spec in SQL. Only the values of a spec become part of a statement. */
export const SOURCES: { [S in SourceName]: Compiled<S> } = {
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
  usage: {
    table: sql`${usage}`,
    at: sql`${usage.occurredAt}`,
    organization: sql`${usage.organizationId}`,
    dimensions: { ...timesOf(sql`${usage.occurredAt}`), ...usageFields },
    measures: {
      quantity: sql`coalesce(sum(${usage.quantity}), 0)`,
      records: sql`count(distinct (${usage.meter}, ${usage.key}))`,
      calls: sql`count(distinct ${usageFields.callId})`,
      users: sql`count(distinct ${usageFields.userId})`,
    },
    filters: usageFields,
  },
  costs: {
    table: sql`${line} join ${usage} on ${usage.organizationId} = ${line.organizationId} and ${usage.id} = ${line.usageId}`,
    at: sql`${line.occurredAt}`,
    organization: sql`${line.organizationId}`,
    dimensions: { ...timesOf(sql`${line.occurredAt}`), ...usageFields },
    measures: {
      costMicros: sql`case when ${knownLines} > 0 then sum(${line.amountMicros}) end`,
      unknownCount: sql`coalesce(sum(${line.unknown}), 0)`,
      quantity: sql`coalesce(sum(${line.quantity}), 0)`,
      calls: sql`count(distinct ${usageFields.callId})`,
    },
    filters: usageFields,
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
