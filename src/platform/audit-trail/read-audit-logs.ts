import { SEVERITIES } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { auditErrors } from './audit-trail.errors.ts';
import {
  type AuditLog,
  type AuditCountRow,
  countAuditLogs,
  selectAuditLog,
  selectAuditLogs,
  selectCriticalAuditLogs,
} from './audit-trail.queries.ts';
import { listBucketStarts } from './audit-trail.rules.ts';
import type { AuditLogQuery, AuditStatsQuery, AuditStatsView } from './audit-trail.schemas.ts';

/** The organization's audit entries, newest first. */
export async function listAuditLogs(
  ctx: Ctx,
  { limit, cursor, ...filter }: AuditLogQuery,
): Promise<Page<AuditLog>> {
  const after = readCursor(cursor);
  const [rows] = await ctx.read((q) => [selectAuditLogs(q, ctx.organizationId, filter, after, limit + 1)]);
  return pageOf(rows, limit, (row) => row.id);
}

/** @throws AppError `audit.not_found` */
export async function getAuditLog(ctx: Ctx, auditLogId: string): Promise<AuditLog> {
  const [[entry]] = await ctx.read((q) => [selectAuditLog(q, ctx.organizationId, auditLogId)]);
  if (!entry) throw auditErrors.notFound();
  return entry;
}

const TOP_COUNT = 20;
const RECENT_COUNT = 10;

export type AuditStats = Omit<AuditStatsView, 'recentCritical' | 'buckets'> & {
  buckets: { startsAt: Date; count: number }[];
  recentCritical: AuditLog[];
};

function pickCounts<K extends 'action' | 'targetType'>(
  rows: AuditCountRow[],
  kind: AuditCountRow['kind'],
  key: K,
) {
  return rows
    .filter((row) => row.kind === kind)
    .map((row) => ({ [key]: row[key] ?? '', count: row.count }) as Record<K, string> & { count: number });
}

/** Counts entries over the newest `buckets` periods up to `to`, in one pass. */
export async function getAuditStats(ctx: Ctx, { period, buckets, to }: AuditStatsQuery): Promise<AuditStats> {
  const end = to ?? new Date(ctx.clock.now() + 1);
  const starts = listBucketStarts(period, end, buckets);
  const range = { from: starts[0], to: end };
  const { organizationId } = ctx;
  const [countResult, recentCritical] = await ctx.read((q) => [
    countAuditLogs(q, organizationId, range, period, TOP_COUNT),
    selectCriticalAuditLogs(q, organizationId, range, RECENT_COUNT),
  ]);
  const rows = (countResult as unknown as { rows: AuditCountRow[] }).rows;
  const findCount = (kind: AuditCountRow['kind'], matches: (row: AuditCountRow) => boolean) =>
    rows.find((row) => row.kind === kind && matches(row))?.count ?? 0;
  return {
    period,
    from: starts[0]!.toISOString(),
    to: end.toISOString(),
    total: findCount('total', () => true),
    bySeverity: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, findCount('severity', (row) => row.severity === severity)]),
    ) as AuditStatsView['bySeverity'],
    byAction: pickCounts(rows, 'action', 'action'),
    byActor: rows
      .filter((row) => row.kind === 'actor')
      .map(({ actorKind, actorId, count }) => ({
        actorKind: actorKind as AuditStatsView['byActor'][number]['actorKind'],
        actorId,
        count,
      })),
    byTarget: pickCounts(rows, 'target', 'targetType'),
    buckets: starts.map((startsAt) => ({
      startsAt,
      count: findCount('bucket', (row) => row.bucket === startsAt.toISOString()),
    })),
    recentCritical,
  };
}
