export { createTranscription } from './create-transcription.ts';
export { requireChangeable } from './change-transcription.ts';
export { getTranscription, MOST_SEGMENTS, readTranscript } from './read-transcriptions.ts';
export { insertNewSegments, insertSegments, selectNextPosition, selectSegments } from './segments.queries.ts';
export { presentWords } from './transcripts.present.ts';
export { transcriptErrors } from './transcripts.errors.ts';
export type { TranscriptionReason } from './transcripts.enums.ts';
export { countedEventOf } from './transcription-records.ts';
export * from './transcripts.events.ts';
export {
  changeTranscription,
  endCallTranscription,
  insertCallTranscription,
  selectTranscription,
  selectQuietTranscriptions,
  selectTranscriptionToAdvance,
  type TranscriptionToAdvance,
} from './transcripts.queries.ts';
export {
  fromThousandths,
  isOver,
  isKnownLanguage,
  MODEL,
  OPENAI_MODEL,
  isScanned,
  isTranscribable,
  toThousandths,
  type TranscriptionGround,
} from './transcripts.rules.ts';
export { transcriptionParamsSchema } from './transcripts.schemas.ts';
export type { Segment, Transcription } from './transcripts.tables.ts';
