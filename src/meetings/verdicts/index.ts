export type { Observation } from './measures.rules.ts';
export { delayImpairment, lossImpairment, mosOfR, speechMos, videoIndex } from './mos.rules.ts';
export { NOTHING_MEASURED, type Summaries, summariesOf } from './summaries.rules.ts';
export { TOO_FEW, verdictsOf } from './verdict.rules.ts';
export {
  CANDIDATE_TYPES,
  type Cause,
  CAUSES,
  LIMITATIONS,
  MEDIA_KINDS,
  MEDIA_SOURCES,
  PROTOCOLS,
  type Sample,
  sampleSchema,
  type Summary,
  summarySchema,
  type TrackSample,
  type Verdict,
  verdictSchema,
} from './verdicts.schemas.ts';
