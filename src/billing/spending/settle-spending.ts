import { deleteMinuteBudget, upsertMinuteBudget } from '../../calls/minutes/index.ts';
import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { requestErrors, retryStale } from '../../kernel/core/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { hangUpAnsweredIn } from '../../media/phone-calls/index.ts';
import { monthOf } from '../usage/index.ts';
import { stopCalls } from './stop-calls.ts';
import { limitNear, limitReached } from './spending.events.ts';
import { presentSpent } from './spending.present.ts';
import { insertAlert, selectToCount, updateLimit } from './spending.queries.ts';
import { minuteBudgetOf, nextAlert, type SpendingAlertRow, type SpendingLimitRow } from './spending.rules.ts';
import { readSpending } from './read-spending.ts';

const MAX_ORGANIZATIONS_PER_RUN = 500;
/** How often an organization without calls is counted, because its usage may be corrected. */
const COUNTED_EVERY_MS = 3_600_000;
/** Between the read and the commit, the limit may be changed, or counted by another run. */
const ATTEMPTS = 3;

type Read = Awaited<ReturnType<typeof readSpending>> & { limit: SpendingLimitRow };

/** The alert that is due now, once for each limit and month. */
function findAlert({ limit, alerts, spending, given }: Read): SpendingAlertRow | undefined {
  if (!spending.isCharged) return undefined;
  const { organizationId, limitMicros } = limit;
  const raised = alerts.filter((alert) => alert.limitMicros === limitMicros).map(({ percent }) => percent);
  const { spent } = spending;
  const state = { spent, leftMs: spending.leftMs(limitMicros), connected: given.connected };
  const percent = nextAlert(limitMicros, state, raised);
  if (percent === undefined) return undefined;
  const [monthStartsAt, reachedAt] = [given.month.from, new Date(given.nowMs)];
  return { organizationId, limitMicros, percent, monthStartsAt, reachedAt, spentMicros: spent };
}

async function settleOnce(ctx: Ctx): Promise<Read | undefined> {
  const { organizationId } = ctx;
  const { limit, ...read } = await readSpending(ctx, systemScopeOf(organizationId));
  if (!limit) return undefined;
  const { spending, given } = read;
  const budget = minuteBudgetOf(limit, spending, given);
  const alert = findAlert({ ...read, limit });
  const event = alert && (alert.percent === 100 ? limitReached : limitNear);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      updateLimit(q, limit, { countedAt: new Date(given.nowMs) }),
      budget ? upsertMinuteBudget(q, budget) : deleteMinuteBudget(q, organizationId),
      ...(alert ? [insertAlert(q, alert)] : []),
    ],
    events:
      alert && event
        ? [
            event.of({
              periodStartsAt: alert.monthStartsAt.toISOString(),
              limit: presentSpent(alert.limitMicros),
              spent: presentSpent(alert.spentMicros),
            }),
          ]
        : [],
    conflicts: { spending_alerts_pkey: requestErrors.stale },
    result: undefined,
  });
  return { ...read, limit };
}

/**
 * Counts the remainder of the organization's spending limit, stores it for the calls, raises alerts at 80 and 100
 * percent, and ends the calls that would pass the limit. Without a limit it does nothing; repeating it changes nothing.
 */
export async function settleSpending(ctx: Ctx): Promise<void> {
  const read = await retryStale(ATTEMPTS, () => settleOnce(ctx));
  if (!read?.spending.isCharged) return;
  const { month, openSinceMs } = read.given;
  await stopCallsOf(ctx, read);
  if (openSinceMs === null) return;
  for (let former = monthOf(openSinceMs); former.from < month.from; former = monthOf(former.to.getTime()))
    await stopFormer(ctx, await readSpending(ctx, systemScopeOf(ctx.organizationId), former));
}

/**
 * Ends the calls that pass the limit of a former month. Telephone calls are checked elsewhere, against the limit of the
 * current month.
 */
async function stopFormer(ctx: Ctx, read: Awaited<ReturnType<typeof readSpending>>): Promise<void> {
  const { limit, spending, given } = read;
  await stopCallsOf(ctx, read);
  if (limit && spending.isCharged && spending.spent >= limit.limitMicros)
    await hangUpAnsweredIn(ctx, given.month);
}

/** Ends the calls that would pass the limit of a month. Usage counts in the month in which its connection began. */
async function stopCallsOf(ctx: Ctx, { limit, spending, given }: Awaited<ReturnType<typeof readSpending>>) {
  if (!limit || !spending.isCharged) return;
  const { month, connected } = given;
  await stopCalls(ctx, { limit, leftMs: spending.leftMs(limit.limitMicros), connected, month });
}

/**
 * Scheduled each minute: settles the limits of organizations with calls each minute, and those of all others once an
 * hour, in a new month, and at the end of a trial.
 * @returns how many were settled, and how many failed and are left to the next run
 */
export async function settleAllSpending(services: Services): Promise<SweepOutcome> {
  const nowMs = services.clock.now();
  const before = new Date(Math.max(nowMs - COUNTED_EVERY_MS, monthOf(nowMs).from.getTime()));
  const [due] = await services.database.read(systemScope, (q) => [
    selectToCount(q, before, new Date(nowMs), MAX_ORGANIZATIONS_PER_RUN),
  ]);
  return runSweep(services, 'spending.settle', due, async (ctx) => {
    await settleSpending(ctx);
    return true;
  });
}
