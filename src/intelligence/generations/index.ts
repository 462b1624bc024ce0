export { finishGeneration } from './finish-generation.ts';
export type { GenerationFailure } from './generations.enums.ts';
export type {
  Attempt,
  BegunGeneration,
  Candidate,
  GenerationAnswer,
  GenerationEvent,
  GenerationHold,
  GenerationOutcome,
  GenerationPlan,
  LiveGenerations,
} from './generations.ports.ts';
export { NO_USAGE, tokensOf } from './generations.rules.ts';
