import { INCLUDED_METERS, type IncludedMeter } from '../../identity/entitlements/index.ts';
import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { listMeterViews, type MeterView } from '../meters/index.ts';
import { selectPlan } from '../plans/index.ts';
import { monthOf } from '../usage/index.ts';
import { selectChargedPeriods, selectCredits, selectPlanChanges, sumSpans } from './overage.queries.ts';
import { countMonth, openMonths, overageUnits, termsAt, toSpans } from './overage.rules.ts';
import {
  type CustomerToReport,
  insertOverageReports,
  markDelivered,
  selectCustomersToReport,
  selectOverageMonths,
  selectOverageReports,
  upsertOverageMonths,
} from './report.queries.ts';
import {
  endedTooEarly,
  isAmongReported,
  isDoubtful,
  nextReport,
  type OverageReport,
  reportIdentifier,
  reportMoment,
} from './report.rules.ts';

const BATCH = 200;

type StoredMonth = Awaited<ReturnType<typeof selectOverageMonths>>[number];
type ReportedMeter = MeterView & { name: IncludedMeter };

/** The meters of which plans include an amount, as far as a module counts them. */
const reportedMeters = (ctx: Ctx): ReportedMeter[] =>
  listMeterViews(ctx.meters, []).filter((meter): meter is ReportedMeter =>
    INCLUDED_METERS.some((name) => name === meter.name),
  );

async function readBasis(ctx: Ctx, months: readonly Date[], nowMs: number) {
  const { organizationId } = ctx;
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
  return { basis, spans: toSpans(spans.rows), stored, reports };
}
type Basis = Awaited<ReturnType<typeof readBasis>>;

/** The open months as they are counted now, those that differ from what is stored. */
function countOpenMonths(ctx: Ctx, { basis, spans, stored }: Basis, months: readonly Date[]): StoredMonth[] {
  if (!basis) return [];
  const { organizationId } = ctx;
  const countedAt = new Date(ctx.clock.now());
  return reportedMeters(ctx).flatMap((meter) =>
    months.flatMap((month) => {
      const to = monthOf(month.getTime()).to.getTime();
      const ofMonth = (spans.get(meter.name) ?? []).filter(
        ({ startsAtMs }) => startsAtMs >= month.getTime() && startsAtMs < to,
      );
      const { over } = countMonth(basis, meter, ofMonth);
      const before = stored.find((row) => row.meter === meter.name && +row.month === +month);
      if (over === BigInt(before?.quantity ?? 0)) return [];
      const units = Number(overageUnits(over, meter.unitQuantity));
      return [{ organizationId, meter: meter.name, month, quantity: Number(over), units, countedAt }];
    }),
  );
}

/** Stores what has changed in the open months, and the reports that follow from it. */
async function storeChanges(ctx: Ctx, basis: Basis, customer: CustomerToReport): Promise<OverageReport[]> {
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const changed = countOpenMonths(ctx, basis, openMonths(nowMs));
  const isSame = (a: StoredMonth, b: StoredMonth) => a.meter === b.meter && +a.month === +b.month;
  const all = [...basis.stored.filter((row) => !changed.some((each) => isSame(each, row))), ...changed];
  const fresh = reportedMeters(ctx).flatMap((meter): OverageReport[] => {
    const isCharged = basis.basis && termsAt(basis.basis, meter, nowMs).isCharged;
    if (!isCharged && customer.endedAt === null) return [];
    const next = nextReport(meter.name, {
      months: all.filter((month) => month.meter === meter.name),
      reports: basis.reports.filter((report) => report.meter === meter.name),
    });
    if (!next) return [];
    const { customerId } = customer;
    return [{ ...next, organizationId, customerId, createdAt: new Date(nowMs), deliveredAt: null }];
  });
  if (changed.length === 0 && fresh.length === 0) return [];
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      ...(changed.length > 0 ? [upsertOverageMonths(q, changed)] : []),
      ...(fresh.length > 0 ? [insertOverageReports(q, fresh)] : []),
    ],
    result: undefined,
  });
  return fresh;
}

/** Sends a report, unless it turns out to have arrived although its answer was lost. */
async function deliverReport(
  ctx: Ctx,
  customer: CustomerToReport,
  open: OverageReport,
  reports: readonly OverageReport[],
): Promise<void> {
  const provider = ctx.ports.payments.of(customer.provider, ctx.trace);
  const nowMs = ctx.clock.now();
  const meter = open.meter as IncludedMeter;
  const { customerId } = open;
  const ofCustomer = reports.filter((each) => each.meter === meter && each.customerId === customerId);
  const hasArrived =
    isDoubtful(open, nowMs) &&
    isAmongReported(ofCustomer, open, await provider.readReportedUnits(customerId, meter, nowMs));
  if (!hasArrived)
    await provider.reportUsage({
      customerId,
      meter,
      units: BigInt(open.units),
      atMs: reportMoment(customer.endedAt),
      identifier: reportIdentifier(open),
    });
  await ctx.commit({
    scope: systemScopeOf(ctx.organizationId),
    write: (q) => [markDelivered(q, open, new Date(ctx.clock.now()))],
    result: undefined,
  });
}

/** Counts the overage of one organization, and reports to its provider what came to it. */
async function reportOf(ctx: Ctx, customer: CustomerToReport): Promise<boolean> {
  const nowMs = ctx.clock.now();
  const basis = await readBasis(ctx, openMonths(nowMs), nowMs);
  const waiting = basis.reports.filter(({ deliveredAt }) => deliveredAt === null);
  const fresh = await storeChanges(ctx, basis, customer);
  for (const open of [...waiting, ...fresh]) await deliverReport(ctx, customer, open, basis.reports);
  return waiting.length + fresh.length > 0;
}

/**
 * Counts the open months of every organization that is charged, and reports overage to its provider: each unit once, also when an
 * answer is lost, the Worker is stopped between two steps, or two runs overlap. What fails is left to the next run.
 */
export async function reportOverage(services: Services): Promise<SweepOutcome> {
  const total: SweepOutcome = { done: 0, failed: 0 };
  if (services.ports.payments.names.length === 0) return total;
  const endedAfter = endedTooEarly(services.clock.now());
  for (let after = '', isLast = false; !isLast;) {
    const [customers] = await services.database.read(systemScope, (q) => [
      selectCustomersToReport(q, { after, endedAfter, limit: BATCH }),
    ]);
    const { done, failed } = await runSweep(services, 'overage.report', customers, reportOf);
    total.done += done;
    total.failed += failed;
    isLast = customers.length < BATCH;
    after = customers.at(-1)?.organizationId ?? after;
  }
  return total;
}
