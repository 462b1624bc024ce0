import type { Budget, BudgetAnswer, BudgetOutcome, BudgetState, Reservation } from './limits.ports.ts';
import type { DueList, KeyValueStorage } from '../../kernel/durable/index.ts';

const DAY_MS = 86_400_000;

interface Account {
  limit: number;
  spent: number;
  held: number;
  /** End of the account's period; null for a budget without periods. */
  endsAtMs: number | null;
}

interface StoredReservation {
  account: string;
  amount: number;
  status: 'open' | 'settled' | 'released' | 'expired';
  /** While open: when it expires. After it ended: when it is deleted. */
  dueAtMs: number;
}

/** The outcome that callers get for each stored status. */
const OUTCOME_BY_STATUS = {
  open: 'reserved',
  settled: 'settled',
  released: 'released',
  expired: 'released',
} as const satisfies Record<StoredReservation['status'], BudgetOutcome>;

export const ACCOUNT_PREFIX = 'budget|';
export const RESERVATION_PREFIX = 'hold|';

/** @throws RangeError when the caller passes an invalid amount, which is a defect */
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

/** Reserves amounts before they are spent: never more than the budget, also with concurrent callers. */
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

  /** Records actual use, also when it exceeds the reservation or comes after the reservation expired. */
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

  /** Releases an expired reservation, or deletes one that ended a day ago or the account of a past period. */
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

  #openAccount(
    { name, limit, periodSeconds, endsAtMs: until }: Budget,
    nowMs: number,
  ): { key: string; account: Account } {
    if (until !== undefined) {
      const key = `${ACCOUNT_PREFIX}${name}|until|${until}`;
      const stored = this.#storage.get(key) as Account | undefined;
      return { key, account: { spent: 0, held: 0, endsAtMs: until, ...stored, limit } };
    }
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
    // A reservation lasts at most a day and is kept for another, so no reservation refers to this account after three.
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
