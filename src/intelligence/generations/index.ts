export { finishGeneration } from './finish-generation.ts';
export { GENERATION_FEATURES, GENERATION_FAILURES, type GenerationFailure } from './generations.enums.ts';
export { errorsOfStart, generationErrors } from './generations.errors.ts';
export { generationEnded } from './generations.events.ts';
export type {
  Attempt,
  BegunGeneration,
  CancelReason,
  Candidate,
  GenerationAnswer,
  GenerationEvent,
  GenerationHold,
  GenerationOrigin,
  GenerationOutcome,
  GenerationPlan,
  GenerationRef,
  HedgeUse,
  LiveGenerations,
  StoredRoute,
} from './generations.ports.ts';
export { insertGeneration, selectGeneration as selectGenerationById } from './generations.queries.ts';
export {
  errorOf,
  askerOf,
  hedgeIdOf,
  isAsker,
  isAskedOnPlatformKey,
  NO_USAGE,
  tokensOf,
} from './generations.rules.ts';
export { planGeneration } from './plan-generation.ts';
export { presentUsage } from './generations.present.ts';
export { usageSchema } from './generations.schemas.ts';
export type { Generation } from './generations.tables.ts';
export { type StartedGeneration, startGeneration } from './start-generation.ts';
