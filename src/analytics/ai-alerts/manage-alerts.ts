import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { presentAlerts } from './ai-alerts.present.ts';
import { replaceThresholds, selectNewestAlerts, selectThresholds } from './ai-alerts.queries.ts';
import { requireThresholds } from './ai-alerts.rules.ts';
import type { AiAlertsView, SetAiAlerts } from './ai-alerts.schemas.ts';

const MAX_SHOWN = 100;

async function read(ctx: Ctx) {
  const [[own], alerts] = await ctx.read((q) => [
    selectThresholds(q, ctx.organizationId),
    selectNewestAlerts(q, ctx.organizationId, MAX_SHOWN),
  ]);
  return { thresholds: own?.thresholds ?? [], alerts };
}

/** @throws AppError `auth.forbidden` without `analytics:read` */
export async function getAiAlerts(ctx: Ctx): Promise<AiAlertsView> {
  requirePermission(ctx.actor, 'analytics:read');
  const { thresholds, alerts } = await read(ctx);
  return presentAlerts(thresholds, alerts);
}

/**
 * Replaces the thresholds of the organization. Open alerts of removed thresholds are resolved within minutes.
 * @throws AppError `auth.forbidden` without `analytics:write`, or `request.invalid` naming the threshold that is not
 * valid
 */
export async function setAiAlerts(ctx: Ctx, { thresholds }: SetAiAlerts): Promise<AiAlertsView> {
  requirePermission(ctx.actor, 'analytics:write');
  requireThresholds(thresholds);
  const { organizationId } = ctx;
  const before = await read(ctx);
  return ctx.commit({
    write: (q) => [replaceThresholds(q, organizationId, { thresholds, now: new Date(ctx.clock.now()) })],
    audit: {
      action: 'ai_thresholds.changed',
      target: { type: 'organization', id: organizationId },
      before: { thresholds: before.thresholds },
      after: { thresholds },
    },
    result: presentAlerts(thresholds, before.alerts),
  });
}
