import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { monthOf } from '../usage/index.ts';
import { selectAlertsOfMonth, selectThresholds } from './alerts.queries.ts';
import { presentAlerts } from './alerts.present.ts';
import type { AlertsView } from './alerts.schemas.ts';

/**
 * The organization's own thresholds, and the alerts of the current month.
 * @throws AppError `auth.forbidden` without `usage:read`
 */
export async function getUsageAlerts(ctx: Ctx): Promise<AlertsView> {
  requirePermission(ctx.actor, 'usage:read');
  const { from } = monthOf(ctx.clock.now());
  const [[own], raised] = await ctx.read((q) => [
    selectThresholds(q, ctx.organizationId),
    selectAlertsOfMonth(q, ctx.organizationId, from),
  ]);
  return presentAlerts(own?.thresholds ?? [], raised);
}
