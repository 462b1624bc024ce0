import type { Budget, BudgetAnswer, BudgetOutcome, BudgetState, Reservation } from './limits.ports.ts';
import type { DueList, KeyValues } from './storage.ts';

const DAY_MS = 86_400_000;

interface Account {
  limit: number;
  spent: number;
  held: number;
  /** End of its period; null for a budget without one. */
  endsAtMs: number | null;
}

interface Hold {
  account: string;
  amount: number;
  status: 'open' | 'settled' | 'released' | 'expired';
  /** When it expires while it is open, when it is forgotten once it ended. */
  dueAtMs: number;
}

/** What became of a reservation, as it is told. */
const OUTCOME = {
  open: 'reserved',
  settled: 'settled',
  released: 'released',
  expired: 'released',
} as const satisfies Record<Hold['status'], BudgetOutcome>;

export const ACCOUNT_PREFIX = 'budget|';
export const HOLD_PREFIX = 'hold|';

/** @throws RangeError, a defect of the caller */
function requireAmount(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`not an amount: ${amount}`);
}

function stateOf({ limit, spent, held }: Account): BudgetState {
  return {
    limit,
    spent,
    held,
    available: Math.max(0, limit - spent - held),
    overshoot: Math.max(0, spent - limit),
  };
}

/** Amounts set aside before they are spent: never more than the budget, whoever asks at the same time. */
export class BudgetBook {
  readonly #storage: KeyValues;
  readonly #due: DueList;

  constructor(storage: KeyValues, due: DueList) {
    this.#storage = storage;
    this.#due = due;
  }

  reserve(budget: Budget, { id, amount, ttlMs }: Reservation, nowMs: number): BudgetAnswer {
    requireAmount(amount);
    const known = this.#find(id);
    if (known) return { outcome: OUTCOME[known.hold.status], state: stateOf(known.account) };
    const { key, account } = this.#open(budget, nowMs);
    if (amount > stateOf(account).available) return { outcome: 'refused', state: stateOf(account) };
    account.held += amount;
    this.#save(key, account);
    const dueAtMs = nowMs + Math.min(Math.max(0, ttlMs), DAY_MS);
    this.#storage.put(HOLD_PREFIX + id, { account: key, amount, status: 'open', dueAtMs });
    this.#due.add(dueAtMs, HOLD_PREFIX + id);
    return { outcome: 'reserved', state: stateOf(account) };
  }

  /** What was really used counts, also when it is more than was set aside, or came after the reservation expired. */
  settle(id: string, actual: number, nowMs: number): BudgetAnswer {
    requireAmount(actual);
    const known = this.#find(id);
    if (!known) return { outcome: 'unknown', state: null };
    const { hold, account } = known;
    if (hold.status !== 'settled') {
      if (hold.status === 'open') account.held -= hold.amount;
      account.spent += actual;
      this.#save(hold.account, account);
      this.#end(id, hold, 'settled', nowMs);
    }
    return { outcome: 'settled', state: stateOf(account) };
  }

  release(id: string, nowMs: number): BudgetAnswer {
    const known = this.#find(id);
    if (!known) return { outcome: 'unknown', state: null };
    const { hold, account } = known;
    if (hold.status === 'open') {
      account.held -= hold.amount;
      this.#save(hold.account, account);
      this.#end(id, hold, 'released', nowMs);
    }
    return { outcome: OUTCOME[hold.status === 'open' ? 'released' : hold.status], state: stateOf(account) };
  }

  read(budget: Budget, nowMs: number): BudgetState {
    return stateOf(this.#open(budget, nowMs).account);
  }

  /** Gives an expired reservation back, forgets one that ended a day ago, or the account of a period long past. */
  wake(key: string, nowMs: number): void {
    if (key.startsWith(ACCOUNT_PREFIX)) {
      this.#storage.delete(key);
      return;
    }
    const id = key.slice(HOLD_PREFIX.length);
    const known = this.#find(id);
    if (known && known.hold.dueAtMs > nowMs) return;
    if (known?.hold.status !== 'open') {
      this.#storage.delete(key);
      return;
    }
    const { hold, account } = known;
    account.held -= hold.amount;
    this.#save(hold.account, account);
    this.#end(id, hold, 'expired', nowMs);
  }

  #open({ name, limit, periodSeconds }: Budget, nowMs: number): { key: string; account: Account } {
    const periodMs = periodSeconds === null ? null : periodSeconds * 1000;
    const period = periodMs === null ? null : Math.floor(nowMs / periodMs);
    const key = `${ACCOUNT_PREFIX}${name}|${periodSeconds ?? 'ever'}|${period ?? 0}`;
    const stored = this.#storage.get(key) as Account | undefined;
    const endsAtMs = periodMs === null || period === null ? null : (period + 1) * periodMs;
    return { key, account: { spent: 0, held: 0, endsAtMs, ...stored, limit } };
  }

  #find(id: string): { hold: Hold; account: Account } | undefined {
    const hold = this.#storage.get(HOLD_PREFIX + id) as Hold | undefined;
    const account = hold && (this.#storage.get(hold.account) as Account | undefined);
    return hold && account ? { hold, account } : undefined;
  }

  #save(key: string, account: Account): void {
    const isNew = this.#storage.get(key) === undefined;
    this.#storage.put(key, account);
    // A reservation lives a day at most and is remembered for another: after that nobody asks for this account.
    if (isNew && account.endsAtMs !== null) this.#due.add(account.endsAtMs + 3 * DAY_MS, key);
  }

  #end(id: string, hold: Hold, status: Hold['status'], nowMs: number): void {
    const dueAtMs = nowMs + DAY_MS;
    this.#storage.put(HOLD_PREFIX + id, { ...hold, status, dueAtMs });
    this.#due.add(dueAtMs, HOLD_PREFIX + id);
  }
}
