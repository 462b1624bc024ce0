import type { Due } from '../../stand-in/store.ts';
import { toSeconds } from './moments.ts';
import type { Row, Subscription } from './stored.ts';

function subscriptionDue({ status, next_billed_at: next, scheduled_change: change }: Subscription) {
  if (status === 'canceled') return undefined;
  // A subscription in arrears is renewed once it has paid.
  const renewal = next === null || status === 'past_due' ? Infinity : toSeconds(next);
  const at = Math.min(renewal, change === null ? Infinity : toSeconds(change.effective_at));
  return at === Infinity ? undefined : at;
}

/** When the clock has to act on an object by itself. */
export function dueOf(row: Row): Due | undefined {
  let at: number | null | undefined;
  if (row.object === 'subscription') at = subscriptionDue(row);
  else if (row.object === 'transaction') at = row.status === 'past_due' ? row.own.nextAttemptAt : null;
  else if (row.object === 'adjustment') at = row.status === 'pending_approval' ? row.own.approvesAt : null;
  return at === undefined || at === null ? undefined : { at, clock: null };
}
