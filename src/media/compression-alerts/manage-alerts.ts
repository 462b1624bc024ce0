import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { restrictedViewer } from '../../rooms/access/index.ts';
import { compressionAlertErrors } from './compression-alerts.errors.ts';
import { alertChanged } from './compression-alerts.events.ts';
import {
  changeAlert,
  selectCompressionAlert,
  selectCompressionAlerts,
} from './compression-alerts.queries.ts';
import type { ListAlertsQuery, ResolveAlert } from './compression-alerts.schemas.ts';
import type { CompressionAlert } from './compression-alerts.tables.ts';

/** Alerts of the organization, the newest first. @throws AppError `auth.forbidden` without `analytics:read` */
export async function listAlerts(ctx: Ctx, query: ListAlertsQuery): Promise<Page<CompressionAlert>> {
  requirePermission(ctx.actor, 'analytics:read');
  const { limit, cursor, severity, resolved } = query;
  const viewer = restrictedViewer(ctx.actor);
  const filter = { viewer, severity, resolved: resolved === undefined ? undefined : resolved === 'true' };
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectCompressionAlerts(q, ctx.organizationId, filter, page)]);
  return pageOf(
    rows.map(({ alert }) => alert),
    limit,
    ({ id }) => id,
  );
}

/** @throws AppError `compression_alerts.not_found`, or `auth.forbidden` without `analytics:read` */
export async function getAlert(ctx: Ctx, alertId: string): Promise<CompressionAlert> {
  requirePermission(ctx.actor, 'analytics:read');
  const viewer = restrictedViewer(ctx.actor);
  const [[found]] = await ctx.read((q) => [selectCompressionAlert(q, ctx.organizationId, alertId, viewer)]);
  if (!found) throw compressionAlertErrors.notFound();
  return found.alert;
}

/**
 * Resolves an alert: findings until now do not open it again.
 * @throws AppError as `getAlert`, `compression_alerts.already_resolved`, `request.stale`, or `auth.forbidden` without
 * `analytics:write`
 */
export async function resolveAlert(
  ctx: Ctx,
  alertId: string,
  { notes }: ResolveAlert,
): Promise<CompressionAlert> {
  requirePermission(ctx.actor, 'analytics:write');
  const row = await getAlert(ctx, alertId);
  if (row.resolvedAt) throw compressionAlertErrors.alreadyResolved();
  const set = {
    resolution: 'by_person' as const,
    resolvedBy: actorId(ctx.actor),
    notes: notes ?? null,
    resolvedAt: new Date(ctx.clock.now()),
  };
  const resolved = { ...row, ...set, version: row.version + 1 };
  return ctx.commit({
    write: (q) => [changeAlert(q, row, set)],
    audit: {
      action: 'compression_alert.resolved',
      target: { type: 'compression_alert', id: alertId },
      after: { resolution: set.resolution, notes: set.notes },
    },
    events: [alertChanged.of(resolved)],
    result: resolved,
  });
}
