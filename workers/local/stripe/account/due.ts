import type { Due } from '../../stand-in/store.ts';
import type { Row, Subscription } from './stored.ts';

/** A subscription whose first payment is not made in this time is given up. */
const INCOMPLETE_SECONDS = 23 * 3_600;
/** States in which a period follows another. */
const RENEWED = new Set<string>(['trialing', 'active', 'past_due', 'unpaid']);
export const TRIAL_NOTICE_SECONDS = 3 * 86_400;

/** The end of the period that is paid for or used now. */
export const periodEnd = (subscription: Subscription): number =>
  Math.min(...subscription.items.data.map((item) => item.current_period_end));

function subscriptionDue(subscription: Subscription): number | undefined {
  if (subscription.status === 'incomplete') return subscription.created + INCOMPLETE_SECONDS;
  if (!RENEWED.has(subscription.status)) return undefined;
  return Math.min(
    periodEnd(subscription),
    subscription.cancel_at ?? Infinity,
    subscription.pause_collection?.resumes_at ?? Infinity,
  );
}

/** When the clock has to act on an object by itself. */
export function dueOf(row: Row): Due | undefined {
  let at: number | null | undefined;
  let clock: string | null | undefined;
  if (row.object === 'subscription') [at, clock] = [subscriptionDue(row), row.test_clock];
  else if (row.object === 'invoice') {
    if (row.auto_advance !== true) return undefined;
    clock = row.test_clock;
    at = row.status === 'draft' ? row.automatically_finalizes_at : row.next_payment_attempt;
  } else if (row.object === 'checkout.session' && row.status === 'open') at = row.expires_at;
  else if (row.object === 'stand_in.trial_notice') [at, clock] = [row.at, row.clock];
  return at === undefined || at === null ? undefined : { at, clock: clock ?? null };
}
