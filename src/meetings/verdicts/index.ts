export type { Observation } from './measures.rules.ts';
export { delayImpairment, lossImpairment, mosOfR, speechMos, videoIndex } from './mos.rules.ts';
export { type Summaries, summariesOf } from './summaries.rules.ts';
export { TOO_FEW, verdictsOf } from './verdict.rules.ts';
export {
  type Cause,
  CAUSES,
  identitySchema,
  type Sample,
  sampleSchema,
  type Summary,
  summarySchema,
  type TrackSample,
  type Verdict,
  verdictSchema,
} from './verdicts.schemas.ts';
