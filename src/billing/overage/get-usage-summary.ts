import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { listMeterViews, type MeterView, metersWith, selectOwnMeters } from '../meters/index.ts';
import { selectPlan } from '../plans/index.ts';
import {
  forecast,
  forecastWindow,
  type Period,
  presentMeter,
  presentPeriod,
  requireMonth,
  resolveDimension,
  resolvePeriod,
  type SummaryQuery,
  sumMeters,
  sumMetersWith,
} from '../usage/index.ts';
import { isMonthOf, presentIncluded, presentOverage } from './overage.present.ts';
import {
  selectChargedPeriods,
  selectCredits,
  selectOverageOfMonth,
  selectPlanChanges,
  sumSpans,
} from './overage.queries.ts';
import { countMonth, isClosed, termsAt, toSpans } from './overage.rules.ts';
import type { UsageSummaryView } from './summary.schemas.ts';

const toQuantities = ({ rows }: Awaited<ReturnType<typeof sumMeters>>) =>
  new Map(rows.map((row) => [row.meter, BigInt(row.quantity)]));

type Dimension = ReturnType<typeof resolveDimension>;

/** The usage; with a value of a dimension, `shown` and `lately` are limited to it. */
async function readUsage(ctx: Ctx, period: Period, dimension: Dimension, nowMs: number) {
  const { organizationId } = ctx;
  const sum = (q: Queries, of: Period) =>
    dimension
      ? sumMetersWith(
          q,
          organizationId,
          of,
          dimension,
          metersWith(organizationId, ctx.meters, dimension.name),
        )
      : sumMeters(q, organizationId, of);
  // Without a dimension all usage is shown, and need not be summed again.
  const whole = dimension ? period : { from: period.to, to: period.to };
  const [own, used, shown, lately, [plan], grants, changes, charged, spans, counted] = await ctx.read((q) => [
    selectOwnMeters(q, organizationId),
    sumMeters(q, organizationId, whole),
    sum(q, period),
    sum(q, forecastWindow(nowMs)),
    selectPlan(q, organizationId),
    selectCredits(q, organizationId),
    selectPlanChanges(q, organizationId),
    selectChargedPeriods(q, organizationId),
    sumSpans(q, organizationId, period),
    selectOverageOfMonth(q, organizationId, period.from),
  ]);
  return {
    meters: listMeterViews(ctx.meters, own),
    used: toQuantities(dimension ? used : shown),
    shown: toQuantities(shown),
    lately: toQuantities(lately),
    basis: plan ? { ...plan, grants, changes, charged } : null,
    spans: toSpans(spans.rows),
    counted: new Map(counted.map(({ meter, quantity }) => [meter, BigInt(quantity)])),
  };
}

/** The amount of a meter that the plan includes, and the charge beyond it, if the period is a month. */
function compareToPlan(
  meter: MeterView,
  period: Period,
  { basis, spans, used, counted }: Awaited<ReturnType<typeof readUsage>>,
  nowMs: number,
): Pick<UsageSummaryView['meters'][number], 'included' | 'overage'> {
  if (basis === null || meter.kind !== 'product' || !isMonthOf(period, period.from.getTime()))
    return { included: null, overage: null };
  const month = countMonth(basis, meter, spans.get(meter.name) ?? []);
  const isCharged = termsAt(basis, meter, nowMs).isCharged;
  const over = isClosed(period.from, nowMs) ? (counted.get(meter.name) ?? 0n) : month.over;
  return {
    included: isMonthOf(period, nowMs)
      ? presentIncluded(meter, used.get(meter.name) ?? 0n, {
          basis,
          nowMs,
          counted: isCharged ? month : undefined,
        })
      : null,
    overage: presentOverage(meter, over),
  };
}

/**
 * The usage that every meter counted in a period, with a forecast and, for a month, a comparison with the plan. With a
 * value of a dimension, only usage with that value is shown; the comparison is always with all usage of the
 * organization.
 * @throws AppError `auth.forbidden` or `request.invalid`
 */
export async function getUsageSummary(ctx: Ctx, query: SummaryQuery): Promise<UsageSummaryView> {
  requirePermission(ctx.actor, 'usage:read');
  const nowMs = ctx.clock.now();
  const period = resolvePeriod(query, nowMs);
  const dimension = resolveDimension(query);
  if (dimension) requireMonth(period);
  const usage = await readUsage(ctx, period, dimension, nowMs);
  const counting = usage.meters.filter(
    ({ dimensions }) => dimension === undefined || dimensions.includes(dimension.name),
  );
  const meters = counting.map((meter) => {
    const quantity = usage.shown.get(meter.name) ?? 0n;
    const expected = forecast(quantity, usage.lately.get(meter.name) ?? 0n, period, nowMs);
    return {
      ...presentMeter(meter),
      quantity: Number(quantity),
      forecast: expected === null ? null : Number(expected),
      ...compareToPlan(meter, period, usage, nowMs),
    };
  });
  return { ...presentPeriod(period), meters };
}
