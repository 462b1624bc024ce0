import type { LeaseAnswer, LeaseRequest } from './limits.ports.ts';
import { leaseSize } from './limits.rules.ts';
import type { DueList, KeyValueStorage } from '../../kernel/durable/index.ts';

interface Count {
  window: number;
  windowMs: number;
  /** Granted admissions, spent or not. */
  used: number;
}

export const COUNT_PREFIX = 'count|';

/** Counts the grants of each window. It is the only counter, so grants never exceed the limit. */
export class LimitCounter {
  readonly #storage: KeyValueStorage;
  readonly #due: DueList;

  constructor(storage: KeyValueStorage, due: DueList) {
    this.#storage = storage;
    this.#due = due;
  }

  /** @param override the operator's limit, which replaces the rule's */
  lease(request: LeaseRequest, override: number | undefined, nowMs: number): LeaseAnswer {
    const { rule, subject } = request;
    const key = `${COUNT_PREFIX}${rule.name}|${rule.windowSeconds}|${subject}`;
    const windowMs = rule.windowSeconds * 1000;
    const stored = this.#storage.get(key) as Count | undefined;
    // The object may move to a machine whose clock is behind: a window that has begun is kept.
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

  /** Deletes a count whose window has ended. */
  wake(key: string, nowMs: number): void {
    const count = this.#storage.get(key) as Count | undefined;
    if (count && (count.window + 1) * count.windowMs <= nowMs) this.#storage.delete(key);
  }
}
