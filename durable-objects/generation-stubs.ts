import type { BegunGeneration, LiveGenerations } from '../src/intelligence/generations/index.ts';
import { reach } from './reach.ts';

/** One object for each generation. */
export function createLiveGenerations(namespace: Env['AI_GENERATION']): LiveGenerations {
  const call = <T>(answer: Promise<T>) => reach('the generation', answer);
  const getStub = (generationId: string) => namespace.getByName(generationId);
  return {
    follow: (plan, waitMs) => call<BegunGeneration>(getStub(plan.generationId).begin(plan, waitMs)),
    complete: (plan, waitMs) => call(getStub(plan.generationId).complete(plan, waitMs)),
    events: (generationId, after) => call(getStub(generationId).events(after)),
    answer: (generationId) => call(getStub(generationId).answer()),
    cancel: (generationId, reason) => call(getStub(generationId).cancel(reason)),
  };
}
