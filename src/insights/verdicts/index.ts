export type { Observation } from './measures.rules.ts';
export { delayImpairment, lossImpairment, mosOfR, speechMos, videoIndex } from './mos.rules.ts';
export { EMPTY_SUMMARY, type ParticipantSummaries, summariesOf } from './summaries.rules.ts';
export { TOO_FEW_SAMPLES_VERDICT, decideVerdicts } from './verdicts.rules.ts';
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
  type QualitySummary,
  summarySchema,
  type TrackSample,
  type QualityVerdict,
  verdictSchema,
} from './verdicts.schemas.ts';
