import { termsOf } from '../../identity/entitlements/index.ts';
import { PRICES } from '../plans/index.ts';
import { type ChangeTiming, type PlanChoice, priceOfTerm, type SoldPlan } from '../providers/index.ts';
import type { SubscriptionRow } from '../subscriptions/index.ts';
import { planChangeErrors } from './plan-changes.errors.ts';
import type { ChangeSubscription } from './plan-changes.schemas.ts';

const refuse = (detail: string) => planChangeErrors.notChangeable({ detail });

type Asked = Omit<PlanChoice, 'planVersion'>;

const isSame = (one: Asked, other: Asked) =>
  one.plan === other.plan && one.interval === other.interval && one.seats === other.seats;

/** @throws AppError `billing.not_changeable` with the obstacle */
function requireChangeable({ status, cancelsAt }: SubscriptionRow): void {
  if (status === 'past_due' || status === 'restricted')
    throw refuse('a payment is overdue: it must be made first');
  if (status !== 'active' && status !== 'trialing') throw refuse(`the subscription is ${status}`);
  if (cancelsAt !== null) throw refuse('the subscription is cancelled: resume it first');
}

const membersOf = (plan: SoldPlan, version: number): number => termsOf(plan, version).limits.members;

/** The seats with which another plan allows as many members as the current plan with its seats. */
const seatsWith = (from: PlanChoice, plan: SoldPlan, planVersion: number): number =>
  Math.max(0, membersOf(from.plan, from.planVersion) + from.seats - membersOf(plan, planVersion));

/** Plan and seats of a subscription, or those of its next period when a change is pending. */
const lastingOf = ({ nextPlan, nextInterval, nextSeats, ...row }: SubscriptionRow) => ({
  plan: nextPlan ?? row.plan,
  interval: nextInterval ?? row.interval,
  seats: nextSeats ?? row.seats,
});

/**
 * Plan and seats after a change. An absent field keeps its value, or the value that a pending change gives it; seats
 * are reduced by the members that another plan includes. The organization's own plan keeps its version; another plan
 * has the current version.
 */
export function choiceFor(
  row: SubscriptionRow,
  asked: ChangeSubscription,
  currentVersion: number,
): PlanChoice {
  const versionOf = (name: SoldPlan) => (name === row.plan ? row.planVersion : currentVersion);
  const lasting = lastingOf(row);
  const { plan = lasting.plan, interval = lasting.interval } = asked;
  const planVersion = versionOf(plan);
  const from = { ...lasting, planVersion: versionOf(lasting.plan) };
  const kept = plan === from.plan ? from.seats : Math.min(from.seats, seatsWith(from, plan, planVersion));
  return { plan, interval, seats: asked.seats ?? kept, planVersion };
}

const endsTrialOf = ({ status }: SubscriptionRow, { plan }: PlanChoice) =>
  status === 'trialing' && PRICES[plan].trialDays === 0;

/**
 * Whether the subscription has plan and seats, or will have them with its next period, so that nothing has to be
 * changed.
 */
export function isChosen(row: SubscriptionRow, choice: PlanChoice): boolean {
  const { nextPlan: plan, nextInterval: interval, nextSeats: seats, cancelsAt } = row;
  if (cancelsAt !== null || endsTrialOf(row, choice)) return false;
  if (row.status !== 'active' && row.status !== 'trialing') return false;
  return plan === null || interval === null || seats === null
    ? isSame(row, choice)
    : isSame({ plan, interval, seats }, choice);
}

/** Whether a change gives more: a more expensive plan, with any number of seats, or more seats of the same plan. */
function isLarger(row: SubscriptionRow, choice: PlanChoice): boolean {
  const difference = priceOfTerm(choice) - priceOfTerm(row);
  return difference === 0n ? choice.seats > row.seats : difference > 0n;
}

/** @throws AppError `billing.not_changeable` for a change that takes effect at once and would give back paid seats */
function requireSeatsKept(row: SubscriptionRow, { plan, planVersion, seats }: PlanChoice): void {
  const least = Math.min(row.seats, plan === row.plan ? row.seats : seatsWith(row, plan, planVersion));
  if (seats < least)
    throw refuse(
      `this change takes effect at once, but fewer seats only when the period ends: keep ${least} seats, and ` +
        'lower them in a separate change',
    );
}

/**
 * When a change takes effect. A larger plan, more seats or another interval: at once, with a charge. A cheaper plan or
 * fewer seats: at the end of the paid period. The plan and seats of the current period take back a pending change.
 * @throws AppError `billing.not_changeable`
 */
export function timingOf(
  row: SubscriptionRow,
  choice: PlanChoice,
): { timing: ChangeTiming; endsTrial: boolean } {
  requireChangeable(row);
  const isCurrent = isSame(row, choice);
  const endsTrial = endsTrialOf(row, choice);
  if (isCurrent && row.changesAt === null && !endsTrial)
    throw refuse('these are the plan and the seats of the subscription');
  if (isCurrent && row.changesAt !== null) return { timing: 'undo', endsTrial: false };
  if (row.changesAt !== null)
    throw refuse(
      `another change is pending: to take it back, first change to the plan ${row.plan}, ${row.interval}, with ` +
        `${row.seats} seats`,
    );
  if (row.status === 'trialing') return { timing: 'now', endsTrial };
  const waits = row.interval === choice.interval && !isLarger(row, choice);
  if (!waits) requireSeatsKept(row, choice);
  return { timing: waits ? 'period_end' : 'now', endsTrial: false };
}

/** @throws AppError `billing.not_changeable` for a subscription whose trial cannot end now */
export function requireInTrial({ status, cancelsAt }: SubscriptionRow): void {
  if (status !== 'trialing') throw refuse(`the subscription is ${status}`);
  if (cancelsAt !== null) throw refuse('the subscription is cancelled: resume it first');
}

/** @throws AppError `billing.not_changeable` */
export function requirePausable({ status, cancelsAt, changesAt }: SubscriptionRow): void {
  if (status !== 'active') throw refuse(`the subscription is ${status}`);
  if (cancelsAt !== null) throw refuse('the subscription is cancelled: resume it first');
  if (changesAt !== null) throw refuse('a change of plan or seats is pending: take it back first');
}

/** @throws AppError `billing.not_changeable` */
export function requirePaused({ status }: SubscriptionRow): void {
  if (status !== 'paused') throw refuse('the subscription is not paused');
}

/** Whether it is paused until a moment; undefined for a pause that does not end by itself. */
export const isPausedUntil = (
  { status, resumesAt: current }: SubscriptionRow,
  resumesAt: string | undefined,
): boolean =>
  status === 'paused' &&
  (current?.getTime() ?? null) === (resumesAt === undefined ? null : Date.parse(resumesAt));

/** Whether there is no pause, and the organization is on the plan. */
export const isRunning = ({ status }: SubscriptionRow): boolean =>
  status === 'active' || status === 'trialing' || status === 'past_due';

/** @returns the moment, in milliseconds @throws AppError `billing.not_changeable` when it has passed */
export function requireLater(moment: string, nowMs: number): number {
  const ms = Date.parse(moment);
  if (ms <= nowMs) throw refuse('the pause would end in the past');
  return ms;
}
