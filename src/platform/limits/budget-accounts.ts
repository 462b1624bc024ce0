import type { Budget, BudgetAnswer, BudgetOutcome, BudgetState, Reservation } from './limits.ports.ts';
import type { DueList, KeyValueStorage } from './due-list.ts';

const DAY_MS = 86_400_000;

interface Account {
  limit: number;
  spent: number;
  held: number;
  /** End of its period; null for a budget without one. */
  endsAtMs: number | null;
}

interface StoredReservation {
  account: string;
  amount: number;
  status: 'open' | 'settled' | 'released' | 'expired';
  /** When it expires while it is open, when it is forgotten once it ended. */
  dueAtMs: number;
}

/** What became of a reservation, as it is told. */
const OUTCOME_BY_STATUS = {
  open: 'reserved',
  settled: 'settled',
  released: 'released',
  expired: 'released',
} as const satisfies Record<StoredReservation['status'], BudgetOutcome>;

export const ACCOUNT_PREFIX = 'budget|';
export const RESERVATION_PREFIX = 'hold|';

/** @throws RangeError, a defect of the caller */
function requireAmount(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`not an amount: ${amount}`);
}

function budgetStateOf({ limit, spent, held }: Account): BudgetState {
  return {
    limit,
    spent,
    held,
    available: Math.max(0, limit - spent - held),
    overshoot: Math.max(0, spent - limit),
  };
}

/** Amounts set aside before they are spent: never more than the budget, whoever asks at the same time. */
export class BudgetAccounts {
  readonly #storage: KeyValueStorage;
  readonly #due: DueList;

  constructor(storage: KeyValueStorage, due: DueList) {
    this.#storage = storage;
    this.#due = due;
  }

  reserve(budget: Budget, { id, amount, ttlMs }: Reservation, nowMs: number): BudgetAnswer {
    requireAmount(amount);
    const existing = this.#findReservation(id);
    if (existing)
      return { outcome: OUTCOME_BY_STATUS[existing.hold.status], state: budgetStateOf(existing.account) };
    const { key, account } = this.#openAccount(budget, nowMs);
    if (amount > budgetStateOf(account).available)
      return { outcome: 'refused', state: budgetStateOf(account) };
    account.held += amount;
    this.#saveAccount(key, account);
    const dueAtMs = nowMs + Math.min(Math.max(0, ttlMs), DAY_MS);
    this.#storage.put(RESERVATION_PREFIX + id, { account: key, amount, status: 'open', dueAtMs });
    this.#due.add(dueAtMs, RESERVATION_PREFIX + id);
    return { outcome: 'reserved', state: budgetStateOf(account) };
  }

  /** What was really used counts, also when it is more than was set aside, or came after the reservation expired. */
  settle(id: string, actual: number, nowMs: number): BudgetAnswer {
    requireAmount(actual);
    const existing = this.#findReservation(id);
    if (!existing) return { outcome: 'unknown', state: null };
    const { hold, account } = existing;
    if (hold.status !== 'settled') {
      if (hold.status === 'open') account.held -= hold.amount;
      account.spent += actual;
      this.#saveAccount(hold.account, account);
      this.#endReservation(id, hold, 'settled', nowMs);
    }
    return { outcome: 'settled', state: budgetStateOf(account) };
  }

  release(id: string, nowMs: number): BudgetAnswer {
    const existing = this.#findReservation(id);
    if (!existing) return { outcome: 'unknown', state: null };
    const { hold, account } = existing;
    if (hold.status === 'open') {
      account.held -= hold.amount;
      this.#saveAccount(hold.account, account);
      this.#endReservation(id, hold, 'released', nowMs);
    }
    return {
      outcome: OUTCOME_BY_STATUS[hold.status === 'open' ? 'released' : hold.status],
      state: budgetStateOf(account),
    };
  }

  read(budget: Budget, nowMs: number): BudgetState {
    return budgetStateOf(this.#openAccount(budget, nowMs).account);
  }

  /** Gives an expired reservation back, forgets one that ended a day ago, or the account of a period long past. */
  wake(key: string, nowMs: number): void {
    if (key.startsWith(ACCOUNT_PREFIX)) {
      this.#storage.delete(key);
      return;
    }
    const id = key.slice(RESERVATION_PREFIX.length);
    const existing = this.#findReservation(id);
    if (existing && existing.hold.dueAtMs > nowMs) return;
    if (existing?.hold.status !== 'open') {
      this.#storage.delete(key);
      return;
    }
    const { hold, account } = existing;
    account.held -= hold.amount;
    this.#saveAccount(hold.account, account);
    this.#endReservation(id, hold, 'expired', nowMs);
  }

  #openAccount({ name, limit, periodSeconds }: Budget, nowMs: number): { key: string; account: Account } {
    const periodMs = periodSeconds === null ? null : periodSeconds * 1000;
    const period = periodMs === null ? null : Math.floor(nowMs / periodMs);
    const key = `${ACCOUNT_PREFIX}${name}|${periodSeconds ?? 'ever'}|${period ?? 0}`;
    const stored = this.#storage.get(key) as Account | undefined;
    const endsAtMs = periodMs === null || period === null ? null : (period + 1) * periodMs;
    return { key, account: { spent: 0, held: 0, endsAtMs, ...stored, limit } };
  }

  #findReservation(id: string): { hold: StoredReservation; account: Account } | undefined {
    const hold = this.#storage.get(RESERVATION_PREFIX + id) as StoredReservation | undefined;
    const account = hold && (this.#storage.get(hold.account) as Account | undefined);
    return hold && account ? { hold, account } : undefined;
  }

  #saveAccount(key: string, account: Account): void {
    const isNew = this.#storage.get(key) === undefined;
    this.#storage.put(key, account);
    // A reservation lives a day at most and is remembered for another: after that nobody asks for this account.
    if (isNew && account.endsAtMs !== null) this.#due.add(account.endsAtMs + 3 * DAY_MS, key);
  }

  #endReservation(
    id: string,
    hold: StoredReservation,
    status: StoredReservation['status'],
    nowMs: number,
  ): void {
    const dueAtMs = nowMs + DAY_MS;
    this.#storage.put(RESERVATION_PREFIX + id, { ...hold, status, dueAtMs });
    this.#due.add(dueAtMs, RESERVATION_PREFIX + id);
  }
}
