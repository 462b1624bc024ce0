import { GenerationRunner } from '../../../src/intelligence/generation-runs/index.ts';
import type { LiveGenerations } from '../../../src/intelligence/generations/index.ts';
import type { Services } from '../../../src/kernel/context/index.ts';
import { MemoryKeyValueStorage } from '../memory-storage.ts';

interface MemoryGeneration {
  runner: GenerationRunner;
  storage: MemoryKeyValueStorage;
  /** When its alarm rings; Infinity for never. */
  atMs: number;
}

/** The live objects of generations in memory: the same core as in production. */
export interface MemoryGenerations extends LiveGenerations {
  /** The alarms that are due ring once. */
  ring(): Promise<void>;
  /** All objects are evicted: what they hold in memory is gone, and what they were doing. */
  evict(): void;
  /** Whether a generation was started, and has not ended. */
  isRunning(generationId: string): boolean;
}

export function createMemoryGenerations(services: () => Services): MemoryGenerations {
  const generations = new Map<string, MemoryGeneration>();
  const attach = (generation: MemoryGeneration) =>
    new GenerationRunner({
      storage: generation.storage,
      services,
      wakeAt: (atMs) => (generation.atMs = Math.min(generation.atMs, atMs)),
      setNext: (atMs) => (generation.atMs = atMs),
    });
  const find = (generationId: string): MemoryGeneration => {
    const found = generations.get(generationId);
    if (found) return found;
    const generation = { storage: new MemoryKeyValueStorage(), atMs: Infinity } as MemoryGeneration;
    generation.runner = attach(generation);
    generations.set(generationId, generation);
    return generation;
  };
  // The next request of a test finds what the answer says in the database.
  const whenStored = async (generationId: string) => {
    const run = () => find(generationId).storage.get('run') as { outcome: unknown; isSettled: boolean };
    while (run().outcome && !run().isSettled) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    async follow(plan, waitMs) {
      const { runner } = find(plan.generationId);
      runner.start(plan);
      return runner.begun(waitMs);
    },
    async complete(plan, waitMs) {
      const { runner } = find(plan.generationId);
      runner.start(plan);
      const answer = await runner.ended(waitMs);
      await whenStored(plan.generationId);
      return answer;
    },
    events: async (generationId, after) => find(generationId).runner.follow(after),
    answer: async (generationId) => find(generationId).runner.answer(),
    cancel: (generationId, reason) => find(generationId).runner.cancel(reason),
    async ring() {
      for (const [generationId, generation] of generations) {
        if (generation.atMs > services().clock.now()) continue;
        generation.atMs = Infinity;
        if (!(await generation.runner.wake())) generations.delete(generationId);
      }
    },
    evict() {
      for (const generation of generations.values()) generation.runner = attach(generation);
    },
    isRunning: (generationId) => generations.get(generationId)?.runner.answer()?.outcome === null,
  };
}
