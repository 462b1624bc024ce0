import type { LeaseAnswer, LeaseRequest } from './limits.ports.ts';
import { leaseSize } from './limits.rules.ts';
import type { DueList, KeyValueStorage } from './due-list.ts';

interface Count {
  window: number;
  windowMs: number;
  /** Admissions granted, whether spent by now or not. */
  used: number;
}

export const COUNT_PREFIX = 'count|';

/** Counts what was granted in each window: the only counter there is, so what it grants is never more than the limit. */
export class LimitCounter {
  readonly #storage: KeyValueStorage;
  readonly #due: DueList;

  constructor(storage: KeyValueStorage, due: DueList) {
    this.#storage = storage;
    this.#due = due;
  }

  /** @param override the operator's value in place of the rule's */
  lease(request: LeaseRequest, override: number | undefined, nowMs: number): LeaseAnswer {
    const { rule, subject } = request;
    const key = `${COUNT_PREFIX}${rule.name}|${rule.windowSeconds}|${subject}`;
    const windowMs = rule.windowSeconds * 1000;
    const stored = this.#storage.get(key) as Count | undefined;
    // After a move to a machine whose clock is behind, a window that has begun is not left again for an earlier one.
    const window = Math.max(Math.floor(nowMs / windowMs), stored?.window ?? 0);
    const endsAtMs = (window + 1) * windowMs;
    const leftMs = endsAtMs - nowMs;
    const usedBefore = stored?.window === window ? stored.used : 0;
    const stillUsed = request.window === window ? Math.max(0, usedBefore - request.returned) : usedBefore;
    const limit = override ?? rule.limit;
    const available = Math.max(0, limit - stillUsed);
    const granted = leaseSize({ ...request, limit, available, leftMs });
    const used = stillUsed + granted;
    if (used !== usedBefore) {
      this.#storage.put(key, { window, windowMs, used });
      if (stored?.window !== window) this.#due.add(endsAtMs, key);
    }
    return { granted, limit, remaining: available - granted, window, leftMs };
  }

  /** Forgets a count whose window has passed. */
  wake(key: string, nowMs: number): void {
    const count = this.#storage.get(key) as Count | undefined;
    if (count && (count.window + 1) * count.windowMs <= nowMs) this.#storage.delete(key);
  }
}
