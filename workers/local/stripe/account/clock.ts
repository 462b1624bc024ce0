import { actUntil as actUntilOf, advanceClock } from '../../stand-in/clock.ts';
import { collect } from '../invoices/collect.ts';
import { finalize, finalizeAndCollect } from '../invoices/finalize.ts';
import { actOnSubscription } from '../subscriptions/renew.ts';
import type { Account } from './account.ts';
import type { Row } from './stored.ts';

/** Stripe collects a renewal within the hour after it is final; here at once. */
function actOnInvoice(account: Account, row: Extract<Row, { object: 'invoice' }>): void {
  if (row.status !== 'draft') collect(account, row.id, { isAutomatic: true });
  else if (row.collection_method === 'send_invoice') finalize(account, row.id);
  else finalizeAndCollect(account, row.id);
}

function announceTrialEnd(account: Account, row: Extract<Row, { object: 'stand_in.trial_notice' }>): void {
  account.store.remove(row.id);
  const subscription = account.store.get('subscription', row.subscription);
  if (subscription.status === 'trialing') account.announce('trial_will_end', subscription);
}

function act(account: Account, id: string): void {
  const row = account.store.find(id);
  if (row?.object === 'subscription') actOnSubscription(account, id);
  else if (row?.object === 'invoice') actOnInvoice(account, row);
  else if (row?.object === 'stand_in.trial_notice') announceTrialEnd(account, row);
  else if (row?.object === 'checkout.session')
    account.update('checkout.session', id, { status: 'expired', url: null }, 'expired');
  else throw new Error(`${id} is due and is nothing that the clock acts on`);
}

/** Does everything that is due until a moment, in order, each at its own time. */
export const actUntil = (account: Account, clock: string | null, until: number): void =>
  actUntilOf(account, clock, until, (id) => act(account, id));

/** Moves the clock of the account forward and does what becomes due on the way. */
export const advanceAccountClock = (account: Account, seconds: number): void =>
  advanceClock(account, seconds, (id) => act(account, id));
