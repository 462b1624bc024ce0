import type { Subscription } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import type { SubscriptionChange } from './change.params.ts';

/** Requests that the real API refuses with this code. */
export const refuse = (code: string, detail: string) => new PaddleFailure(400, code, detail);

/** The smallest amount that the real API collects, in cents. */
const LEAST = 70;

/** @throws PaddleFailure when there is something to collect, and less than the least */
export function checkLeast(code: string, amount: number): void {
  if (amount > 0 && amount < LEAST)
    throw refuse(
      code,
      `Transaction balance: ${amount}, Minimum payment amount: ${LEAST}, Currency code: USD`,
    );
}

/** Fields that a subscription takes while it is in a trial. */
const TAKEN_IN_TRIAL: readonly string[] = [
  'items',
  'next_billed_at',
  'proration_billing_mode',
  'on_payment_failure',
  'scheduled_change',
];

/** @throws PaddleFailure when the state of the subscription does not allow the change */
export function checkState({ status }: Subscription, change: SubscriptionChange): void {
  if (status === 'canceled')
    throw refuse(
      'subscription_update_when_canceled',
      'cannot update subscription, as subscription is canceled',
    );
  const other = Object.keys(change).find((name) => !TAKEN_IN_TRIAL.includes(name));
  if (status === 'trialing' && other !== undefined)
    throw refuse(
      'subscription_trialing_fields_update_invalid',
      `a trialing subscription does not take ${other}`,
    );
  const isBilled = change.items !== undefined || change.next_billed_at !== undefined;
  if (!isBilled) return;
  if (status === 'past_due')
    throw refuse(
      'subscription_update_when_past_due',
      'cannot update subscription, as subscription is past due',
    );
  const mode = change.proration_billing_mode;
  if (mode === undefined)
    throw refuse(
      'subscription_items_update_missing_proration_billing_mode',
      'proration_billing_mode is required',
    );
  if (status === 'trialing' && mode !== 'do_not_bill')
    throw refuse(
      'subscription_trialing_items_update_invalid_options',
      'a trialing subscription needs do_not_bill',
    );
  if (status === 'paused' && mode !== 'do_not_bill')
    throw refuse(
      'subscription_incorrect_proration_on_paused_subscription',
      'a paused subscription needs do_not_bill',
    );
}
