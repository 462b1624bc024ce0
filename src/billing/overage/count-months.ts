import { INCLUDED_METERS, type IncludedMeter } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { listMeterViews, type MeterView } from '../meters/index.ts';
import { selectPlan } from '../plans/index.ts';
import { monthOf } from '../usage/index.ts';
import { selectChargedPeriods, selectCredits, selectPlanChanges, sumSpans } from './overage.queries.ts';
import { countMonth, openMonths, overageUnits, toSpans } from './overage.rules.ts';
import { selectOverageMonths, selectOverageReports } from './report.queries.ts';

export type StoredMonth = Awaited<ReturnType<typeof selectOverageMonths>>[number];
export type ReportedMeter = MeterView & { name: IncludedMeter };

/** The meters for which plans include an amount and which a module counts. */
export const reportedMeters = (ctx: Ctx): ReportedMeter[] =>
  listMeterViews(ctx.meters, []).filter((meter): meter is ReportedMeter =>
    INCLUDED_METERS.some((name) => name === meter.name),
  );

/** The data from which overage is counted, and the earlier counts and reports. */
export async function readOverage(ctx: Ctx) {
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const months = openMonths(nowMs);
  const period = { from: months[0]!, to: monthOf(nowMs).to };
  const [[plan], grants, changes, charged, spans, stored, reports] = await ctx.read((q) => [
    selectPlan(q, organizationId),
    selectCredits(q, organizationId),
    selectPlanChanges(q, organizationId),
    selectChargedPeriods(q, organizationId),
    sumSpans(q, organizationId, period),
    selectOverageMonths(q, organizationId),
    selectOverageReports(q, organizationId),
  ]);
  const basis = plan ? { ...plan, grants, changes, charged } : undefined;
  return { basis, months, spans: toSpans(spans.rows), stored, reports };
}
export type OverageRead = Awaited<ReturnType<typeof readOverage>>;

/**
 * The overage of a meter in a month for each subscription that was charged; only rows that differ from the stored ones.
 */
function countMeter(
  ctx: Ctx,
  { basis, spans, stored }: OverageRead,
  meter: ReportedMeter,
  month: Date,
): StoredMonth[] {
  if (!basis) return [];
  const { organizationId } = ctx;
  const to = monthOf(month.getTime()).to.getTime();
  const ofMonth = (spans.get(meter.name) ?? []).filter(
    ({ startsAtMs }) => startsAtMs >= month.getTime() && startsAtMs < to,
  );
  const { bySubscription } = countMonth(basis, meter, ofMonth);
  return basis.charged.flatMap(({ subscriptionId }) => {
    const over = bySubscription.get(subscriptionId) ?? 0n;
    const before = stored.find(
      (row) => row.subscriptionId === subscriptionId && row.meter === meter.name && +row.month === +month,
    );
    if (over === BigInt(before?.quantity ?? 0)) return [];
    const units = Number(overageUnits(over, meter.unitQuantity));
    const countedAt = new Date(ctx.clock.now());
    return [
      { organizationId, subscriptionId, meter: meter.name, month, quantity: Number(over), units, countedAt },
    ];
  });
}

/** The current counts of the open months that differ from the stored ones. */
export const countOpenMonths = (ctx: Ctx, read: OverageRead): StoredMonth[] =>
  reportedMeters(ctx).flatMap((meter) => read.months.flatMap((month) => countMeter(ctx, read, meter, month)));
