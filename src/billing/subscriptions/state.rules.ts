import { CURRENT_PLAN_VERSION, type PlanName } from '../../identity/entitlements/index.ts';
import type { PlanChoice, ProviderSubscription } from '../providers/index.ts';
import type { CommandState } from './commands.rules.ts';
import { GRACE_DAYS, NOTICE_DAYS, RESTRICTED_DAYS, type SubscriptionStatus } from './subscriptions.enums.ts';
import type { subscriptions } from './subscriptions.tables.ts';

export type SubscriptionRow = typeof subscriptions.$inferSelect;
/** All fields of a row that follow from the provider's data, the former row, and the time. */
export type SubscriptionState = Omit<
  SubscriptionRow,
  | 'id'
  | 'organizationId'
  | 'provider'
  | 'providerSubscriptionId'
  | 'createdAt'
  | 'updatedAt'
  | 'version'
  | keyof CommandState
>;

const DAY_MS = 86_400_000;
const toDate = (ms: number | null) => (ms === null ? null : new Date(ms));
const addDays = (date: Date, days: number) => new Date(date.getTime() + days * DAY_MS);

type Overdue = Pick<SubscriptionState, 'pastDueSince' | 'graceEndsAt' | 'restrictedAt'>;

/** When a payment became overdue, and the consequences. It counts from when it was first noticed. */
function overdueOf(
  { status }: ProviderSubscription,
  former: SubscriptionRow | undefined,
  now: Date,
): Overdue {
  if (status !== 'past_due' && status !== 'unpaid')
    return { pastDueSince: null, graceEndsAt: null, restrictedAt: null };
  const pastDueSince = former?.pastDueSince ?? now;
  const graceEndsAt = addDays(pastDueSince, GRACE_DAYS);
  const isRestricted = status === 'unpaid' || graceEndsAt <= now;
  return { pastDueSince, graceEndsAt, restrictedAt: isRestricted ? (former?.restrictedAt ?? now) : null };
}

function statusOf({ status }: ProviderSubscription, { restrictedAt }: Overdue): SubscriptionStatus {
  if (status === 'past_due' || status === 'unpaid') return restrictedAt === null ? 'past_due' : 'restricted';
  return status;
}

const HOLDS_PLAN: readonly SubscriptionStatus[] = ['trialing', 'active', 'past_due'];

/** The plan and the seats that a subscription gives to its organization. */
export function grantOf(
  status: SubscriptionStatus,
  choice: PlanChoice,
): { plan: PlanName; planVersion: number; seats: number | null } {
  return HOLDS_PLAN.includes(status)
    ? choice
    : { plan: 'free', planVersion: CURRENT_PLAN_VERSION, seats: null };
}

/** The choices of the current and the next period. */
function choicesOf(truth: ProviderSubscription, fallback: PlanChoice, now: Date) {
  const next = truth.choice ?? fallback;
  const { paid } = truth;
  const waits = paid !== null && paid.untilMs > now.getTime() && truth.endedAtMs === null;
  return {
    current: waits ? paid.choice : next,
    next: waits
      ? {
          nextPlan: next.plan,
          nextInterval: next.interval,
          nextSeats: next.seats,
          changesAt: new Date(paid.untilMs),
        }
      : NO_CHANGE,
  };
}
const NO_CHANGE = { nextPlan: null, nextInterval: null, nextSeats: null, changesAt: null };

/**
 * The end of the trial. Providers may keep the planned end of a trial that was ended early, or drop it with the price.
 * The end of a trial that is over never moves to a later time, because usage is charged from then.
 */
function trialEndOf(
  { status, trialEndsAtMs }: ProviderSubscription,
  former: SubscriptionRow | undefined,
  now: Date,
): Date | null {
  if (status === 'trialing') return toDate(trialEndsAtMs);
  const known = [toDate(trialEndsAtMs), former?.trialEndsAt ?? null].filter((each) => each !== null);
  return known.length === 0 ? null : new Date(Math.min(now.getTime(), ...known.map(Number)));
}

/** The end of a trial or of the grace, if it is near, so that people have to be reminded. */
function noticesOf(
  status: SubscriptionStatus,
  dates: Pick<SubscriptionState, 'trialEndsAt' | 'graceEndsAt' | 'cancelsAt'>,
  former: SubscriptionRow | undefined,
  now: Date,
) {
  const isNear = (end: Date | null) => end !== null && addDays(end, -NOTICE_DAYS) <= now && end > now;
  const trialIsNear = status === 'trialing' && dates.cancelsAt === null && isNear(dates.trialEndsAt);
  const graceIsNear = status === 'past_due' && isNear(dates.graceEndsAt);
  return {
    trialNoticeAt: former?.trialNoticeAt ?? (trialIsNear ? now : null),
    graceNoticeAt: status === 'past_due' ? (former?.graceNoticeAt ?? (graceIsNear ? now : null)) : null,
  };
}

/** The next moment at which time alone changes the state; null when none does. */
function dueAtOf(state: Omit<SubscriptionState, 'dueAt'>): Date | null {
  const { status, trialEndsAt, graceEndsAt, restrictedAt, changesAt, cancelsAt } = state;
  const moments: (Date | null)[] = [
    changesAt,
    state.refundDueAt,
    status === 'paused' ? state.resumesAt : null,
  ];
  if (status === 'trialing' && trialEndsAt && cancelsAt === null && !state.trialNoticeAt)
    moments.push(addDays(trialEndsAt, -NOTICE_DAYS));
  if (status === 'past_due' && graceEndsAt)
    moments.push(graceEndsAt, state.graceNoticeAt ? null : addDays(graceEndsAt, -NOTICE_DAYS));
  if (status === 'restricted' && restrictedAt) moments.push(addDays(restrictedAt, RESTRICTED_DAYS));
  const coming = moments.filter((each) => each !== null).map((each) => each.getTime());
  return coming.length === 0 ? null : new Date(Math.min(...coming));
}

/** Whether a subscription has been restricted for so long that it is cancelled. */
export const isAbandoned = ({ status, restrictedAt }: SubscriptionRow, nowMs: number): boolean =>
  status === 'restricted' &&
  restrictedAt !== null &&
  addDays(restrictedAt, RESTRICTED_DAYS).getTime() <= nowMs;

/** Whether a pause is over, but the provider has not ended it. */
export const isPausedTooLong = ({ status, resumesAt }: SubscriptionRow, nowMs: number): boolean =>
  status === 'paused' && resumesAt !== null && resumesAt.getTime() <= nowMs;

/**
 * The state that follows from the provider's data.
 * @param fallback the choice of the subscription when its prices are no longer in the catalogue
 * @param former the former row, undefined for a new one
 * @param isRefundPending whether a payment that is still being processed has to be refunded
 */
export function stateOf(
  truth: ProviderSubscription,
  fallback: PlanChoice,
  former: SubscriptionRow | undefined,
  nowMs: number,
  isRefundPending = false,
): SubscriptionState {
  const now = new Date(nowMs);
  const overdue = overdueOf(truth, former, now);
  const status = statusOf(truth, overdue);
  const { current, next } = choicesOf(truth, fallback, now);
  const grant = grantOf(status, current);
  const dates = {
    trialEndsAt: trialEndOf(truth, former, now),
    cancelsAt: toDate(truth.cancelsAtMs),
    graceEndsAt: overdue.graceEndsAt,
  };
  const state = {
    status,
    plan: current.plan,
    planVersion: current.planVersion,
    interval: current.interval,
    seats: current.seats,
    ...next,
    currency: truth.currency,
    startsAt: new Date(truth.startsAtMs),
    periodStartsAt: new Date(truth.periodStartsAtMs),
    periodEndsAt: new Date(truth.periodEndsAtMs),
    ...dates,
    endedAt: status === 'cancelled' ? (toDate(truth.endedAtMs) ?? former?.endedAt ?? now) : null,
    resumesAt: toDate(truth.resumesAtMs),
    ...overdue,
    ...noticesOf(status, dates, former, now),
    refundDueAt: isRefundPending ? addDays(now, 1) : null,
    grantedPlan: grant.plan,
    grantedPlanVersion: grant.planVersion,
    grantedSeats: grant.seats,
  };
  return { ...state, dueAt: dueAtOf(state) };
}

/** The names of the fields in which a row differs from a state. */
export function differences(row: SubscriptionRow, state: SubscriptionState): (keyof SubscriptionState)[] {
  const plain = (value: unknown) => (value instanceof Date ? value.getTime() : value);
  return (Object.keys(state) as (keyof SubscriptionState)[]).filter(
    (name) => plain(row[name]) !== plain(state[name]),
  );
}
