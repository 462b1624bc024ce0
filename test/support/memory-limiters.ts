import type { Ports } from '../../src/kernel/context/index.ts';
import type { Clock } from '../../src/kernel/core/index.ts';
import { createLeasedLimiter, type LimitCounters, LimiterCore } from '../../src/platform/limits/index.ts';
import { MemoryKeyValueStorage } from './memory-storage.ts';

/** The limiters of all owners in one process: the same core as in the live objects, without the objects. */
export class MemoryLimiters implements LimitCounters {
  readonly #storages = new Map<string, MemoryKeyValueStorage>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  storage(owner: string): MemoryKeyValueStorage {
    let storage = this.#storages.get(owner);
    if (!storage) this.#storages.set(owner, (storage = new MemoryKeyValueStorage()));
    return storage;
  }

  /** Created again for each call, as if the object had been evicted after the one before. */
  core(owner: string): LimiterCore {
    return new LimiterCore(this.storage(owner), () => undefined);
  }

  lease: LimitCounters['lease'] = async (owner, request) =>
    this.core(owner).lease(request, this.#clock.now());

  /** The ports; each call creates the limiter of another isolate over the same objects. */
  ports(): Pick<Ports, 'limiter' | 'limitOverrides' | 'budgets'> {
    const now = () => this.#clock.now();
    return {
      limiter: createLeasedLimiter(this, this.#clock),
      limitOverrides: {
        read: async (owner) => this.core(owner).overrides(),
        write: async (owner, overrides) => this.core(owner).setOverrides(overrides),
      },
      budgets: {
        reserve: async (owner, budget, reservation) => this.core(owner).reserve(budget, reservation, now()),
        settle: async (owner, id, actual) => this.core(owner).settle(id, actual, now()),
        release: async (owner, id) => this.core(owner).release(id, now()),
        read: async (owner, budget) => this.core(owner).budget(budget, now()),
      },
    };
  }
}
