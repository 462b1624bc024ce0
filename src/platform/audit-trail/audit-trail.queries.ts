import { and, asc, desc, eq, gt, gte, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { auditLogs, SEVERITIES } from '../../kernel/audit/index.ts';
import { type Queries, isAfter, isBefore } from '../../kernel/db/index.ts';
import { getIdBounds, type TimeRange } from './audit-trail.rules.ts';

export type AuditLog = typeof auditLogs.$inferSelect;

export interface AuditLogFilter extends TimeRange {
  action?: string | undefined;
  actorId?: string | undefined;
  targetType?: string | undefined;
  targetId?: string | undefined;
  severity?: (typeof SEVERITIES)[number] | undefined;
}

function matchesRange(organizationId: string, range: TimeRange): SQL | undefined {
  // Ids sort by time and are indexed; the exact times decide.
  const { first, beyond } = getIdBounds(range);
  return and(
    eq(auditLogs.organizationId, organizationId),
    range.from && gte(auditLogs.createdAt, range.from),
    range.to && lt(auditLogs.createdAt, range.to),
    first === undefined ? undefined : gte(auditLogs.id, first),
    isBefore(auditLogs.id, beyond),
  );
}

export function selectAuditLog(q: Queries, organizationId: string, auditLogId: string) {
  return q
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.organizationId, organizationId), eq(auditLogs.id, auditLogId)));
}

/** Entries of the range and filter, newest first. */
export function selectAuditLogs(
  q: Queries,
  organizationId: string,
  { action, actorId, targetType, targetId, severity, ...range }: AuditLogFilter,
  after: string | undefined,
  limit: number,
) {
  const conditions = (
    [
      [auditLogs.action, action],
      [auditLogs.actorId, actorId],
      [auditLogs.targetType, targetType],
      [auditLogs.targetId, targetId],
      [auditLogs.severity, severity],
    ] as const
  ).flatMap(([column, value]) => (value === undefined ? [] : [sql`${column} = ${value}`]));
  return q
    .select()
    .from(auditLogs)
    .where(and(matchesRange(organizationId, range), ...conditions, isBefore(auditLogs.id, after)))
    .orderBy(desc(auditLogs.id))
    .limit(limit);
}

/** Entries of the range, oldest first, for exports. */
export function selectAuditLogsOldestFirst(
  q: Queries,
  organizationId: string,
  range: TimeRange,
  after: string | undefined,
  limit: number,
) {
  return q
    .select()
    .from(auditLogs)
    .where(and(matchesRange(organizationId, range), isAfter(auditLogs.id, after)))
    .orderBy(asc(auditLogs.id))
    .limit(limit);
}

/** One count; only the columns of its kind are set, the others are null. */
export interface AuditCountRow {
  kind: 'total' | 'severity' | 'action' | 'actor' | 'target' | 'bucket';
  severity: string | null;
  action: string | null;
  actorKind: string | null;
  actorId: string | null;
  targetType: string | null;
  /** ISO 8601. */
  bucket: string | null;
  count: number;
}

const PERIOD_UNITS = { daily: 'day', weekly: 'week', monthly: 'month' } as const;

/** All counts of the statistics in one pass over the entries: the `top` largest of each kind, and every bucket. */
export function countAuditLogs(
  q: Queries,
  organizationId: string,
  range: TimeRange,
  period: keyof typeof PERIOD_UNITS,
  top: number,
) {
  const unit = sql.raw(`'${PERIOD_UNITS[period]}'`);
  return q.execute(sql`
    with entries as (
      select severity, action, actor_kind, actor_id, target_type,
        date_trunc(${unit}, created_at, 'UTC') as bucket
      from ${auditLogs} where ${matchesRange(organizationId, range)}),
    counts as (
      select case
          when grouping(severity) = 0 then 'severity' when grouping(action) = 0 then 'action'
          when grouping(actor_kind) = 0 then 'actor' when grouping(target_type) = 0 then 'target'
          when grouping(bucket) = 0 then 'bucket' else 'total' end as kind,
        severity, action, actor_kind as "actorKind", actor_id as "actorId", target_type as "targetType",
        to_char(bucket at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as bucket, count(*)::int as count
      from entries
      group by grouping sets ((), (severity), (action), (actor_kind, actor_id), (target_type), (bucket)))
    select * from (
      select counts.*, row_number() over (partition by kind order by count desc, action, "actorId", "targetType") as rank
      from counts) ranked
    where kind = 'bucket' or rank <= ${top}`);
}

export function selectCriticalAuditLogs(q: Queries, organizationId: string, range: TimeRange, limit: number) {
  return selectAuditLogs(q, organizationId, { ...range, severity: 'critical' }, undefined, limit);
}

/** The first and last chain number in a time range; nulls when none of its entries is sealed. */
export function selectSeqRange(q: Queries, organizationId: string, range: TimeRange) {
  return q
    .select({
      first: sql<number | null>`min(${auditLogs.seq})`.mapWith(auditLogs.seq),
      last: sql<number | null>`max(${auditLogs.seq})`.mapWith(auditLogs.seq),
    })
    .from(auditLogs)
    .where(matchesRange(organizationId, range));
}

/** The sealed entry next to a chain number, on the given side. */
export function selectNeighbour(q: Queries, organizationId: string, seq: number, side: 'before' | 'after') {
  const ofOrganization = eq(auditLogs.organizationId, organizationId);
  return q
    .select({ seq: auditLogs.seq, hash: auditLogs.hash })
    .from(auditLogs)
    .where(and(ofOrganization, side === 'before' ? lt(auditLogs.seq, seq) : gt(auditLogs.seq, seq)))
    .orderBy(side === 'before' ? desc(auditLogs.seq) : asc(auditLogs.seq))
    .limit(1);
}

/** Sealed entries in order, after `afterSeq` and up to `untilSeq`. */
export function selectSealedAuditLogs(
  q: Queries,
  organizationId: string,
  afterSeq: number,
  untilSeq: number,
  limit: number,
) {
  return q
    .select()
    .from(auditLogs)
    .where(
      and(
        eq(auditLogs.organizationId, organizationId),
        gt(auditLogs.seq, afterSeq),
        lte(auditLogs.seq, untilSeq),
      ),
    )
    .orderBy(asc(auditLogs.seq))
    .limit(limit);
}

/** Entries of the range that were not sealed when the export reached `untilSeq`, in order of creation. */
export function selectAuditLogsSealedLater(
  q: Queries,
  organizationId: string,
  range: TimeRange,
  untilSeq: number,
  after: string | undefined,
  limit: number,
) {
  return q
    .select()
    .from(auditLogs)
    .where(
      and(
        matchesRange(organizationId, range),
        or(isNull(auditLogs.seq), gt(auditLogs.seq, untilSeq)),
        isAfter(auditLogs.id, after),
      ),
    )
    .orderBy(asc(auditLogs.id))
    .limit(limit);
}
