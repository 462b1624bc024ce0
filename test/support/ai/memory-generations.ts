import { GenerationPool } from '../../../src/intelligence/generation-runs/index.ts';
import type { GenerationPlan, LiveGenerations } from '../../../src/intelligence/generations/index.ts';
import type { Services } from '../../../src/kernel/context/index.ts';
import { MemoryKeyValueStorage } from '../memory-storage.ts';

/** The live object of generations in memory: the same core as in production. */
export interface MemoryGenerations extends LiveGenerations {
  /** The alarm rings once, if it is due. */
  ring(): Promise<void>;
  /** The object is evicted: what it holds in memory is gone, and what it was doing. */
  evict(): void;
  /** Whether a generation was started, and has not ended. */
  isRunning(generationId: string): boolean;
  /** Generations that were refused after they had begun. */
  readonly refused: string[];
}

export function createMemoryGenerations(services: () => Services): MemoryGenerations {
  const storage = new MemoryKeyValueStorage();
  const refused: string[] = [];
  let atMs = Infinity;
  const attach = () =>
    new GenerationPool({
      storage,
      quickStorage: storage,
      services,
      wakeAt: (newMs) => (atMs = Math.min(atMs, newMs)),
    });
  let pool = attach();
  const start = async (plan: GenerationPlan, stored: Promise<unknown>) => {
    pool.start(plan);
    try {
      await stored;
    } catch (error) {
      pool.refuse(plan.generationId);
      refused.push(plan.generationId);
      throw error;
    }
  };
  // The next request of a test finds what the answer says in the database.
  const whenSettled = async (generationId: string) => {
    const run = () => storage.get(`run|${generationId}`) as { outcome: unknown; isSettled: boolean };
    while (run().outcome && !run().isSettled) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    refused,
    async follow(plan, stored, waitMs) {
      await start(plan, stored);
      return pool.begun(plan.generationId, waitMs);
    },
    async complete(plan, stored, waitMs) {
      await start(plan, stored);
      const answer = await pool.ended(plan.generationId, waitMs);
      await whenSettled(plan.generationId);
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
      pool = attach();
    },
    isRunning: (generationId) => pool.answer(generationId)?.outcome === null,
  };
}
