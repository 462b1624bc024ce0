import type { Store } from './store.ts';

/** An account whose clock can be moved. */
export interface ClockedAccount {
  store: Pick<Store<never>, 'firstDue'>;
  now(clock: string | null): number;
  at<T>(clock: string | null, moment: number, run: () => T): T;
  run<T>(change: () => T): T;
  moveClock(seconds: number): void;
}

/**
 * Does everything that is due until a moment, in order, each at its own time.
 * @param act does what has become due for the object with this id
 */
export function actUntil(
  account: ClockedAccount,
  clock: string | null,
  until: number,
  act: (id: string) => void,
): void {
  const from = account.now(clock);
  let due = account.store.firstDue(clock, until);
  while (due !== undefined) {
    const { id, at } = due;
    account.run(() => account.at(clock, Math.max(at, from), () => act(id)));
    const next = account.store.firstDue(clock, until);
    if (next?.id === id && next.at === at)
      throw new Error(`${id} is still due at ${at} after the clock acted on it`);
    due = next;
  }
}

/** Moves the clock of the account forward and does what becomes due on the way. */
export function advanceClock(account: ClockedAccount, seconds: number, act: (id: string) => void): void {
  actUntil(account, null, account.now(null) + seconds, act);
  account.moveClock(seconds);
}
