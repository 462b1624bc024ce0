import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { listMeterViews, selectOwnMeters } from '../meters/index.ts';
import { monthOf } from '../usage/index.ts';
import { usageThresholdsChanged } from './alerts.events.ts';
import { presentAlerts } from './alerts.present.ts';
import { replaceThresholds, selectAlertsOfMonth, selectThresholds } from './alerts.queries.ts';
import { requireThresholds } from './alerts.rules.ts';
import type { AlertsView, SetAlerts } from './alerts.schemas.ts';

/**
 * Replaces the organization's own thresholds. Thresholds that are reached already raise their alerts shortly
 * afterwards.
 * @throws AppError `auth.forbidden`, or `request.invalid` naming the threshold that is not valid
 */
export async function setUsageAlerts(ctx: Ctx, { thresholds }: SetAlerts): Promise<AlertsView> {
  requirePermission(ctx.actor, 'usage:write');
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [ownMeters, [before], raised] = await ctx.read((q) => [
    selectOwnMeters(q, organizationId),
    selectThresholds(q, organizationId),
    selectAlertsOfMonth(q, organizationId, monthOf(now.getTime()).from),
  ]);
  requireThresholds(thresholds, listMeterViews(ctx.meters, ownMeters));
  return ctx.commit({
    write: (q) => [replaceThresholds(q, organizationId, { thresholds, now })],
    audit: {
      action: 'usage_thresholds.changed',
      target: { type: 'organization', id: organizationId },
      before: { thresholds: before?.thresholds ?? [] },
      after: { thresholds },
    },
    events: [usageThresholdsChanged.of({})],
    result: presentAlerts(thresholds, raised),
  });
}
