import {
  BreakerBoard,
  type ModelBreakers,
  SeenBreakers,
} from '../../../src/intelligence/model-breakers/index.ts';
import type { Services } from '../../../src/kernel/context/index.ts';
import { MemoryKeyValueStorage } from '../memory-storage.ts';

/** The live objects of breakers in memory: the same core as in production. */
export function createMemoryBreakers(services: () => Services): ModelBreakers {
  const boards = new Map<string, BreakerBoard>();
  const now = () => services().clock.now();
  const seen = new SeenBreakers({ now });
  const boardOf = (organizationId: string) => {
    const board = boards.get(organizationId) ?? new BreakerBoard(new MemoryKeyValueStorage());
    boards.set(organizationId, board);
    return board;
  };
  return {
    read: async (organizationId) => seen.see(organizationId, boardOf(organizationId).read()),
    report: async (organizationId, report) =>
      seen.see(organizationId, boardOf(organizationId).report(report, now())),
    probe: async (organizationId, target) => boardOf(organizationId).probe(target, now()),
    platformState: () => seen.state(),
  };
}
