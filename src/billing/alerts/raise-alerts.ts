import { selectOpenGrants } from '../../identity/entitlement-grants/index.ts';
import { entitlementsOf } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { listMeterViews, selectOwnMeters } from '../meters/index.ts';
import { selectPlan } from '../plans/index.ts';
import { monthOf, sumMeters } from '../usage/index.ts';
import { usageThresholdReached } from './alerts.events.ts';
import { insertAlerts, selectAlertsOfMonth, selectThresholds } from './alerts.queries.ts';
import { type AlertRow, thresholdsOf } from './alerts.rules.ts';

/** The thresholds of the organization that are newly reached in a month. */
async function findReached(ctx: Ctx, atMs: number, only: string | undefined): Promise<AlertRow[]> {
  const { organizationId } = ctx;
  const month = monthOf(atMs);
  const now = new Date(ctx.clock.now());
  const [[plan], grants, ownMeters, used, [own], raised] = await ctx.read((q) => [
    selectPlan(q, organizationId),
    selectOpenGrants(q, organizationId, now),
    selectOwnMeters(q, organizationId),
    sumMeters(q, organizationId, month, only),
    selectThresholds(q, organizationId),
    selectAlertsOfMonth(q, organizationId, month.from),
  ]);
  if (!plan) return []; // The organization is deleted.
  const entitlements = entitlementsOf({ ...plan, grants }, now.getTime());
  const usedByMeter = new Map(used.rows.map(({ meter, quantity }) => [meter, BigInt(quantity)]));
  const known = new Set(raised.map(({ meter, quantity }) => `${meter} ${quantity}`));
  return listMeterViews(ctx.meters, ownMeters).flatMap((meter) => {
    const usedQuantity = usedByMeter.get(meter.name) ?? 0n;
    return thresholdsOf(meter, own?.thresholds ?? [], entitlements)
      .filter(({ quantity }) => quantity <= usedQuantity && !known.has(`${meter.name} ${quantity}`))
      .map(({ quantity, percent }) => ({
        organizationId,
        periodStartsAt: month.from,
        meter: meter.name,
        quantity: Number(quantity),
        percent,
        usedQuantity: Number(usedQuantity),
        reachedAt: now,
      }));
  });
}

/**
 * Raises an alert for each threshold that is reached, once in a month: alerts and events are one commit. A second
 * commit of the same alert violates the primary key; its delivery is repeated and then finds nothing to raise.
 * @param atMs a moment in the month
 * @param only the meter that has changed; undefined for all
 */
export async function raiseAlerts(ctx: Ctx, atMs: number, only?: string): Promise<void> {
  const reached = await findReached(ctx, atMs, only);
  if (reached.length === 0) return;
  await ctx.commit({
    write: (q) => [insertAlerts(q, reached)],
    events: reached.map(({ meter, periodStartsAt, percent, quantity, usedQuantity }) =>
      usageThresholdReached.of({
        meter,
        periodStartsAt: periodStartsAt.toISOString(),
        percent,
        quantity,
        usedQuantity,
      }),
    ),
    result: undefined,
  });
}
