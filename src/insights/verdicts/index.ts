export type { Observation } from './measures.rules.ts';
export { delayImpairment, lossImpairment, mosOfR, speechMos, videoIndex } from './mos.rules.ts';
export { EMPTY_SUMMARY, type ParticipantSummaries, summariesOf } from './summaries.rules.ts';
export { TOO_FEW_SAMPLES_VERDICT, decideVerdicts } from './verdicts.rules.ts';
export {
  CANDIDATE_TYPES,
  CODECS,
  DEVICES,
  LIMITATIONS,
  MEDIA_KINDS,
  MEDIA_SOURCES,
  PROTOCOLS,
  type Sample,
  anySampleSchema,
  sampleSchema,
  type TrackSample,
} from './samples.schemas.ts';
export {
  type Cause,
  CAUSES,
  type QualitySummary,
  type QualityVerdict,
  summarySchema,
  verdictSchema,
} from './verdicts.schemas.ts';
