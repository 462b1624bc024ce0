import type {
  BegunGeneration,
  GenerationPlan,
  GenerationRef,
  LiveGenerations,
} from '../src/intelligence/generations/index.ts';
import type { Clock } from '../src/kernel/core/index.ts';
import { type ModelBreakers, SeenBreakers } from '../src/intelligence/model-breakers/index.ts';
import { reach } from './reach.ts';

/** An organization has this many objects, so that each stays warm and none carries all. */
const SHARDS = 4;

/** The end of an id is random. */
const nameOf = ({ organizationId, generationId }: GenerationRef) =>
  `${organizationId}|${generationId.charCodeAt(generationId.length - 1) % SHARDS}`;

/** A few objects for each organization. */
export function createLiveGenerations(namespace: Env['AI_GENERATION']): LiveGenerations {
  const call = <T>(answer: Promise<T>) => reach('the generation', answer);
  const getStub = (ref: GenerationRef) => namespace.getByName(nameOf(ref));
  /** Begins to ask, and has the object know what has become of the row. */
  const start = async (plan: GenerationPlan, storeRow: () => Promise<unknown>) => {
    const stub = getStub(plan);
    // Calls of one stub arrive in their order, and the next one fails where this one has.
    stub.start(plan).catch(() => undefined);
    // The call leaves when this turn ends, and the model is asked while the commit is still being written.
    await scheduler.wait(0);
    try {
      await storeRow();
    } catch (error) {
      // An object that cannot be reached ends it by itself, because the row is never confirmed.
      await stub.refuse(plan.generationId).catch(() => undefined);
      throw error;
    }
    return stub;
  };
  return {
    async follow(plan, storeRow, waitMs) {
      const stub = await start(plan, storeRow);
      return call<BegunGeneration>(stub.begun(plan.generationId, waitMs));
    },
    async complete(plan, storeRow, waitMs) {
      const stub = await start(plan, storeRow);
      return call(stub.ended(plan.generationId, waitMs));
    },
    events: (ref, after) => call(getStub(ref).events(ref.generationId, after)),
    answer: (ref) => call(getStub(ref).answer(ref.generationId)),
    cancel: (ref, reason) => call(getStub(ref).cancel(ref.generationId, reason)),
  };
}

/** One object for the breakers of each organization. */
export function createModelBreakers(namespace: Env['AI_GENERATION'], clock: Clock): ModelBreakers {
  const seen = new SeenBreakers(clock);
  const getStub = (organizationId: string) => namespace.getByName(`${organizationId}|breakers`);
  const call = <T>(answer: Promise<T>) => reach('the breakers of models', answer);
  return {
    read: async (organizationId) => seen.see(organizationId, await call(getStub(organizationId).breakers())),
    report: async (organizationId, report) =>
      seen.see(organizationId, await call(getStub(organizationId).reportModel(report))),
    probe: (organizationId, target) => call(getStub(organizationId).probeModel(target)),
    platformState: () => seen.state(),
  };
}
