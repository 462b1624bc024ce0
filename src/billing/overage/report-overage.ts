import type { IncludedMeter } from '../../identity/entitlements/index.ts';
import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { isChargeTooSmall } from '../providers/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import {
  countOpenMonths,
  type OverageRead,
  readOverage,
  reportedMeters,
  type StoredMonth,
} from './count-months.ts';
import { termsAt } from './overage.rules.ts';
import {
  claimReport,
  enlargeReport,
  insertOverageReports,
  markAttempted,
  markDelivered,
  releaseReport,
  selectSubscriptionsToReport,
  type SubscriptionToReport,
  upsertOverageMonths,
} from './report.queries.ts';
import {
  claimedUntil,
  type Counted,
  endedTooEarly,
  enlargedUnits,
  isAmongReported,
  isDoubtful,
  leastUnits,
  nextReport,
  type OverageReport,
  reportIdentifier,
  reportMoment,
} from './report.rules.ts';

const BATCH = 100;

const commit = (ctx: Ctx, write: (q: Queries) => Statement[]): Promise<void> =>
  ctx.commit({ scope: systemScopeOf(ctx.organizationId), write, result: undefined });

/** The new reports that are due for a subscription. */
function nextReports(
  ctx: Ctx,
  { basis, reports }: OverageRead,
  months: readonly StoredMonth[],
  { subscriptionId, customerId, endedAt, provider }: SubscriptionToReport,
): OverageReport[] {
  const { organizationId } = ctx;
  const { leastCharge } = ctx.ports.payments.of(provider, ctx.trace);
  const nowMs = ctx.clock.now();
  return reportedMeters(ctx).flatMap((meter): OverageReport[] => {
    const isCharged = basis && termsAt(basis, meter, nowMs).subscriptionId === subscriptionId;
    if (!isCharged && endedAt === null) return [];
    const ofMeter = reports.filter((report) => report.meter === meter.name);
    const next = nextReport(meter.name, {
      months: months.filter((row) => row.meter === meter.name && row.subscriptionId === subscriptionId),
      reports: ofMeter.filter((report) => report.subscriptionId === subscriptionId),
      latest: ofMeter.at(-1)?.revision ?? 0,
      least: leastUnits(meter.name, leastCharge),
    });
    if (!next) return [];
    const times = { createdAt: new Date(nowMs), claimedUntil: claimedUntil(nowMs), deliveredAt: null };
    return [{ ...next, organizationId, subscriptionId, customerId, ...times }];
  });
}

/** Stores what has changed in the open months, and the reports that follow from it, which this run sends. */
async function storeChanges(
  ctx: Ctx,
  read: OverageRead,
  subscription: SubscriptionToReport,
): Promise<{ fresh: OverageReport[]; months: StoredMonth[] }> {
  const changed = countOpenMonths(ctx, read);
  const isSame = (a: StoredMonth, b: StoredMonth) =>
    a.subscriptionId === b.subscriptionId && a.meter === b.meter && +a.month === +b.month;
  const all = [...read.stored.filter((row) => !changed.some((each) => isSame(each, row))), ...changed];
  const fresh = nextReports(ctx, read, all, subscription);
  if (changed.length > 0 || fresh.length > 0)
    await commit(ctx, (q) => [
      ...(changed.length > 0 ? [upsertOverageMonths(q, changed)] : []),
      ...(fresh.length > 0 ? [insertOverageReports(q, fresh)] : []),
    ]);
  return { fresh, months: all };
}

/** Takes a report that waits. @returns whether no other run sends it, or has sent it */
async function claim(ctx: Ctx, report: OverageReport): Promise<boolean> {
  const nowMs = ctx.clock.now();
  try {
    const times = { now: new Date(nowMs), until: claimedUntil(nowMs) };
    await commit(ctx, (q) => [claimReport(q, report, times)]);
    return true;
  } catch (error) {
    if (isStale(error)) return false;
    throw error;
  }
}

/** Sends a report, unless an earlier attempt arrived although its answer was lost. */
async function send(
  ctx: Ctx,
  subscription: SubscriptionToReport,
  open: OverageReport,
  reports: readonly OverageReport[],
): Promise<void> {
  const { provider, providerSubscriptionId, startsAt, endedAt } = subscription;
  const api = ctx.ports.payments.of(provider, ctx.trace);
  const nowMs = ctx.clock.now();
  const of = {
    customerId: open.customerId,
    subscriptionId: providerSubscriptionId,
    meter: open.meter as IncludedMeter,
  };
  const earlier = reports.filter(
    ({ subscriptionId, meter }) => subscriptionId === open.subscriptionId && meter === open.meter,
  );
  const period = { fromMs: startsAt.getTime(), untilMs: nowMs };
  const hasArrived =
    isDoubtful(open, nowMs) &&
    isAmongReported(earlier, open, await api.readReportedUnits({ ...of, ...period }));
  if (!hasArrived)
    await api.reportUsage({
      ...of,
      units: BigInt(open.units),
      atMs: reportMoment(endedAt),
      identifier: reportIdentifier(open),
    });
  await commit(ctx, (q) => [markDelivered(q, open, new Date(ctx.clock.now()))]);
}

async function deliver(
  ctx: Ctx,
  subscription: SubscriptionToReport,
  open: OverageReport,
  counted: Counted,
): Promise<void> {
  try {
    await send(ctx, subscription, open, counted.reports);
  } catch (error) {
    // It waits for a larger amount.
    if (isChargeTooSmall(error))
      return commit(ctx, (q) => [enlargeReport(q, open, enlargedUnits(open, counted))]);
    await commit(ctx, (q) => [releaseReport(q, open)]);
    throw error;
  }
}

/**
 * Counts the overage of an organization, and reports the additional units of one of its subscriptions to the provider.
 */
async function reportOf(ctx: Ctx, subscription: SubscriptionToReport): Promise<boolean> {
  // Stored before anything can fail, so that others come before the next attempt.
  await commit(ctx, (q) => [markAttempted(q, subscription, new Date(ctx.clock.now()))]);
  const read = await readOverage(ctx);
  const waiting = read.reports.filter(
    (each) => each.deliveredAt === null && each.subscriptionId === subscription.subscriptionId,
  );
  const { fresh, months } = await storeChanges(ctx, read, subscription);
  const counted = { reports: read.reports, months };
  let sent = fresh.length;
  for (const open of fresh) await deliver(ctx, subscription, open, counted);
  for (const open of waiting) {
    if (!(await claim(ctx, open))) continue;
    await deliver(ctx, subscription, open, counted);
    sent += 1;
  }
  return sent > 0;
}

/**
 * Counts the open months of every organization that is charged, and reports overage to its provider: each unit once, also when an
 * answer is lost, the Worker is stopped between two steps, or two runs overlap. What fails is left to the next run, and a run that is
 * cut off is continued by the next one: the oldest attempt comes first.
 */
export async function reportOverage(services: Services): Promise<SweepOutcome> {
  const total: SweepOutcome = { done: 0, failed: 0 };
  if (services.ports.payments.names.length === 0) return total;
  const startedAt = new Date(services.clock.now());
  const range = { endedAfter: endedTooEarly(startedAt.getTime()), limit: BATCH };
  for (let before: Date | undefined, isLast = false; !isLast; before = startedAt) {
    const [due] = await services.database.read(systemScope, (q) => [
      selectSubscriptionsToReport(q, { ...range, before }),
    ]);
    const { done, failed } = await runSweep(services, 'overage.report', due, reportOf);
    total.done += done;
    total.failed += failed;
    isLast = due.length < BATCH || failed === due.length;
  }
  return total;
}
