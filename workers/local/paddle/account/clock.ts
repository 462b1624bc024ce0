import { actUntil as actUntilOf, advanceClock } from '../../stand-in/clock.ts';
import { actOnSubscription } from '../subscriptions/act.ts';
import { collectAgain } from '../transactions/collect.ts';
import type { Account } from './account.ts';

function act(account: Account, id: string): void {
  const row = account.store.find(id);
  if (row?.object === 'subscription') actOnSubscription(account, id);
  else if (row?.object === 'transaction') collectAgain(account, id);
  else if (row?.object === 'adjustment') account.update('adjustment', id, { status: 'approved' });
  else throw new Error(`${id} is due and is nothing that the clock acts on`);
}

/** Does everything that is due, in its order, each at its own time. */
export const actUntilNow = (account: Account): void =>
  actUntilOf(account, null, account.now(), (id) => act(account, id));

/** Moves the clock of the account forward and does what becomes due on the way. */
export const advanceAccountClock = (account: Account, seconds: number): void =>
  advanceClock(account, seconds, (id) => act(account, id));
