import type { Account } from '../account/account.ts';
import type { Subscription } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { changeSubscription } from './change.ts';

/** Resumes a subscription that was paused at the end of its trial: a new period begins and is charged. */
export function resumeSubscription(account: Account, id: string): Subscription {
  const { status } = account.store.get('subscription', id);
  if (status !== 'paused') throw StripeFailure.invalid('Only a paused subscription can be resumed.', 'id');
  account.update('subscription', id, { status: 'active' }, 'resumed');
  return changeSubscription(account, id, { billing_cycle_anchor: 'now', proration_behavior: 'none' });
}
