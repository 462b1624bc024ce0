import type { Account } from '../account/account.ts';
import { toIso, toSeconds } from '../account/moments.ts';
import type { OnResume, ScheduledChange, Subscription } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import { endSubscription, pauseNow } from './after-payment.ts';
import { resumeNow } from './renew.ts';

export type EffectiveFrom = 'next_billing_period' | 'immediately';

function existing(account: Account, id: string): Subscription {
  const subscription = account.store.get('subscription', id);
  if (subscription.status === 'canceled')
    throw new PaddleFailure(400, 'subscription_is_canceled_action_invalid', 'the subscription is canceled');
  return subscription;
}

function schedule(
  account: Account,
  subscription: Subscription,
  change: Omit<ScheduledChange, 'effective_at'>,
) {
  if (subscription.scheduled_change !== null)
    throw new PaddleFailure(
      400,
      'subscription_locked_pending_changes',
      'cannot update subscription, pending scheduled changes',
    );
  const end = subscription.current_billing_period?.ends_at ?? account.nowIso();
  return account.update('subscription', subscription.id, {
    scheduled_change: { ...change, effective_at: end },
  });
}

export function cancelSubscription(account: Account, id: string, from: EffectiveFrom): Subscription {
  const subscription = existing(account, id);
  if (from === 'immediately' || subscription.status === 'paused') return endSubscription(account, id);
  return schedule(account, subscription, { action: 'cancel', resume_at: null });
}

export interface Pause {
  from: EffectiveFrom;
  resumeAt: string | null;
  onResume: OnResume;
}

export function pauseSubscription(
  account: Account,
  id: string,
  { from, resumeAt, onResume }: Pause,
): Subscription {
  const subscription = existing(account, id);
  if (subscription.status !== 'active')
    throw new PaddleFailure(
      400,
      'subscription_cannot_be_paused',
      `the subscription is ${subscription.status}`,
    );
  const at = resumeAt === null ? null : toIso(toSeconds(resumeAt));
  if (at !== null && at <= account.nowIso()) throw PaddleFailure.field('resume_at', 'must be in the future');
  account.update('subscription', id, { own: { ...subscription.own, onResume } }, null);
  if (from === 'immediately') return pauseNow(account, id, at);
  return schedule(account, subscription, { action: 'pause', resume_at: at });
}

/** @param at `immediately`, or when the pause is to end */
export function resumeSubscription(
  account: Account,
  id: string,
  at: string,
  onResume: OnResume,
): Subscription {
  const { status, own } = existing(account, id);
  if (status !== 'paused')
    throw new PaddleFailure(400, 'subscription_must_be_paused', 'the subscription is not paused');
  if (at === 'immediately') resumeNow(account, id, onResume);
  else {
    account.update('subscription', id, { own: { ...own, onResume } }, null);
    const effective_at = toIso(toSeconds(at));
    account.update('subscription', id, {
      scheduled_change: { action: 'resume', effective_at, resume_at: null },
    });
  }
  return account.store.get('subscription', id);
}
