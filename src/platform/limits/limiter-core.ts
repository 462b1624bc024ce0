import { ACCOUNT_PREFIX, BudgetAccounts, RESERVATION_PREFIX } from './budget-accounts.ts';
import { COUNT_PREFIX, LimitCounter } from './limit-counter.ts';
import type {
  Budget,
  BudgetAnswer,
  BudgetState,
  LeaseAnswer,
  LeaseRequest,
  LimitOverrides,
  Reservation,
} from './limits.ports.ts';
import { DueList, type KeyValueStorage } from '../../kernel/durable/index.ts';

const OVERRIDES_KEY = 'overrides';
/** Most due entries handled by one alarm; the next alarm follows at once. */
const WAKE_BATCH = 1_000;

/**
 * The logic of one owner's limiter object. It keeps no state outside its storage, so the object may be evicted between
 * any two calls.
 */
export class LimiterCore {
  readonly #storage: KeyValueStorage;
  readonly #due: DueList;
  readonly #counter: LimitCounter;
  readonly #budgetAccounts: BudgetAccounts;

  /** @param wakeAt called with each time at which `wake` must run */
  constructor(storage: KeyValueStorage, wakeAt: (atMs: number) => void) {
    this.#storage = storage;
    this.#due = new DueList(storage, wakeAt);
    this.#counter = new LimitCounter(storage, this.#due);
    this.#budgetAccounts = new BudgetAccounts(storage, this.#due);
  }

  lease(request: LeaseRequest, nowMs: number): LeaseAnswer {
    return this.#counter.lease(request, this.overrides().limits[request.rule.name], nowMs);
  }

  overrides(): LimitOverrides {
    return (this.#storage.get(OVERRIDES_KEY) as LimitOverrides | undefined) ?? { limits: {}, setAtMs: null };
  }

  /** Replaces the overrides unless the stored ones are newer, so that calls may repeat and arrive in any order. */
  setOverrides(overrides: { limits: Record<string, number>; setAtMs: number }): void {
    const { setAtMs } = this.overrides();
    if (setAtMs === null || setAtMs <= overrides.setAtMs) this.#storage.put(OVERRIDES_KEY, overrides);
  }

  reserve(budget: Budget, reservation: Reservation, nowMs: number): BudgetAnswer {
    this.#wakeDue(nowMs); // expired reservations are available again, also when the alarm is late
    return this.#budgetAccounts.reserve(budget, reservation, nowMs);
  }

  settle(reservationId: string, actual: number, nowMs: number): BudgetAnswer {
    return this.#budgetAccounts.settle(reservationId, actual, nowMs);
  }

  release(reservationId: string, nowMs: number): BudgetAnswer {
    return this.#budgetAccounts.release(reservationId, nowMs);
  }

  budget(budget: Budget, nowMs: number): BudgetState {
    return this.#budgetAccounts.read(budget, nowMs);
  }

  /** Handles due entries. @returns when to call it again; null when nothing is due, then check `isEmpty` to delete all */
  wake(nowMs: number): number | null {
    this.#wakeDue(nowMs);
    return this.#due.next();
  }

  get isEmpty(): boolean {
    for (const _entry of this.#storage.list({ prefix: '', limit: 1 })) return false;
    return true;
  }

  #wakeDue(nowMs: number): void {
    for (const key of this.#due.take(nowMs, WAKE_BATCH)) {
      if (key.startsWith(COUNT_PREFIX)) this.#counter.wake(key, nowMs);
      else if (key.startsWith(RESERVATION_PREFIX) || key.startsWith(ACCOUNT_PREFIX))
        this.#budgetAccounts.wake(key, nowMs);
      else throw new Error(`unknown due task: ${key}`);
    }
  }
}
