import { SEVERITIES } from '../audit/index.ts';
import type { Ctx } from '../context/index.ts';
import { type Page, pageOf, readCursor } from '../core/index.ts';
import { auditErrors } from './trail.errors.ts';
import {
  type AuditLog,
  type CountRow,
  countAuditLogs,
  findAuditLog,
  listAuditLogs,
  listCritical,
} from './trail.queries.ts';
import { bucketStarts } from './trail.rules.ts';
import type { AuditLogQuery, StatsQuery, StatsView } from './trail.schemas.ts';

/** The organization's audit entries, newest first. */
export async function listTrail(
  ctx: Ctx,
  { limit, cursor, ...filter }: AuditLogQuery,
): Promise<Page<AuditLog>> {
  const after = readCursor(cursor);
  const [rows] = await ctx.read((q) => [listAuditLogs(q, ctx.organizationId, filter, after, limit + 1)]);
  return pageOf(rows, limit, (row) => row.id);
}

/** @throws AppError `audit.not_found` */
export async function getAuditLog(ctx: Ctx, auditLogId: string): Promise<AuditLog> {
  const [[entry]] = await ctx.read((q) => [findAuditLog(q, ctx.organizationId, auditLogId)]);
  if (!entry) throw auditErrors.notFound();
  return entry;
}

const TOP = 20;
const RECENT = 10;

export type TrailStats = Omit<StatsView, 'recentCritical' | 'buckets'> & {
  buckets: { startsAt: Date; count: number }[];
  recentCritical: AuditLog[];
};

function countsBy<K extends 'action' | 'targetType'>(rows: CountRow[], kind: CountRow['kind'], key: K) {
  return rows
    .filter((row) => row.kind === kind)
    .map((row) => ({ [key]: row[key] ?? '', count: row.count }) as Record<K, string> & { count: number });
}

/** Counts over the newest `buckets` periods up to `to`, in one pass over their entries. */
export async function readStats(ctx: Ctx, { period, buckets, to }: StatsQuery): Promise<TrailStats> {
  const end = to ?? new Date(ctx.clock.now() + 1);
  const starts = bucketStarts(period, end, buckets);
  const range = { from: starts[0], to: end };
  const { organizationId } = ctx;
  const [counted, recentCritical] = await ctx.read((q) => [
    countAuditLogs(q, organizationId, range, period, TOP),
    listCritical(q, organizationId, range, RECENT),
  ]);
  const rows = (counted as unknown as { rows: CountRow[] }).rows;
  const one = (kind: CountRow['kind'], matches: (row: CountRow) => boolean) =>
    rows.find((row) => row.kind === kind && matches(row))?.count ?? 0;
  return {
    period,
    from: starts[0]!.toISOString(),
    to: end.toISOString(),
    total: one('total', () => true),
    bySeverity: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, one('severity', (row) => row.severity === severity)]),
    ) as StatsView['bySeverity'],
    byAction: countsBy(rows, 'action', 'action'),
    byActor: rows
      .filter((row) => row.kind === 'actor')
      .map(({ actorKind, actorId, count }) => ({
        actorKind: actorKind as StatsView['byActor'][number]['actorKind'],
        actorId,
        count,
      })),
    byTarget: countsBy(rows, 'target', 'targetType'),
    buckets: starts.map((startsAt) => ({
      startsAt,
      count: one('bucket', (row) => row.bucket === startsAt.toISOString()),
    })),
    recentCritical,
  };
}
