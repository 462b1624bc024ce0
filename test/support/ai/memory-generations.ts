import { GenerationPool } from '../../../src/intelligence/generation-runs/index.ts';
import type { StoredRun } from '../../../src/intelligence/generation-runs/runs.rules.ts';
import type { GenerationPlan, LiveGenerations } from '../../../src/intelligence/generations/index.ts';
import type { Services } from '../../../src/kernel/context/index.ts';
import { MemoryKeyValueStorage } from '../memory-storage.ts';

/** The live object of generations in memory: the same core as in production. */
export interface MemoryGenerations extends LiveGenerations {
  /** The alarm rings once, if it is due. */
  ring(): Promise<void>;
  /** The object is evicted: what it holds in memory is gone, and what it was doing. */
  evict(): void;
  /** Waits until no provider is asked any more. */
  whenAnswered(): Promise<void>;
  /** Whether a generation was started, and has not ended. */
  isRunning(generationId: string): boolean;
  /** Ends the waits for a silent model, once there are so many: the clock of tests stands still. */
  endSleeps(count: number): Promise<void>;
  /** What the storage knows of a generation. */
  run(generationId: string): StoredRun | undefined;
  /** Generations that were refused after they had begun. */
  readonly refused: string[];
}

/** What takes longer waits for an alarm, or for a provider that does not answer. */
const SETTLED_WITHIN_MS = 10_000;

export function createMemoryGenerations(services: () => Services): MemoryGenerations {
  const storage = new MemoryKeyValueStorage();
  const refused: string[] = [];
  const sleeping: (() => void)[] = [];
  let atMs = Infinity;
  const attach = () =>
    new GenerationPool({
      storage,
      quickStorage: storage,
      services,
      wakeAt: (newMs) => (atMs = Math.min(atMs, newMs)),
      sleep: () => new Promise((resolve) => sleeping.push(resolve)),
    });
  let pool = attach();
  const start = async (plan: GenerationPlan, storeRow: () => Promise<unknown>) => {
    pool.start(plan);
    started.add(plan.generationId);
    try {
      await storeRow();
    } catch (error) {
      pool.refuse(plan.generationId);
      refused.push(plan.generationId);
      throw error;
    }
  };
  const started = new Set<string>();
  const runOf = (generationId: string) => storage.get(`run|${generationId}`) as StoredRun | undefined;
  const until = async (isSo: () => boolean) => {
    const latestMs = performance.now() + SETTLED_WITHIN_MS;
    while (!isSo() && performance.now() < latestMs) await new Promise((resolve) => setImmediate(resolve));
  };
  // The next request of a test finds what the answer says in the database, unless that could not be stored.
  const whenSettled = (generationId: string) =>
    until(() => !runOf(generationId)?.outcome || runOf(generationId)!.isSettled);
  return {
    refused,
    async follow(plan, storeRow, waitMs) {
      await start(plan, storeRow);
      return pool.begun(plan.generationId, waitMs);
    },
    async complete(plan, storeRow, waitMs) {
      await start(plan, storeRow);
      const answer = await pool.ended(plan.generationId, waitMs);
      if (waitMs > 0) await whenSettled(plan.generationId);
      return answer;
    },
    events: async ({ generationId }, after) => pool.events(generationId, after),
    answer: async ({ generationId }) => pool.answer(generationId),
    cancel: ({ generationId }, reason) => pool.cancel(generationId, reason),
    async ring() {
      if (atMs > services().clock.now()) return;
      atMs = Infinity;
      await pool.wake();
      atMs = Math.min(atMs, pool.nextAtMs() ?? Infinity);
    },
    evict() {
      started.clear();
      pool = attach();
    },
    whenAnswered: () =>
      until(() => [...started].every((generationId) => runOf(generationId)?.outcome !== null)),
    async endSleeps(count) {
      await until(() => sleeping.length >= count);
      for (const end of sleeping.splice(0)) end();
    },
    run: runOf,
    isRunning: (generationId) => pool.answer(generationId)?.outcome === null,
  };
}
