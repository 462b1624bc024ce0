import type { CorrectionView, SegmentView } from './segments.schemas.ts';
import { fromThousandths, progressOf } from './transcripts.rules.ts';
import type { TranscriptionView } from './transcripts.schemas.ts';
import type { Correction, Segment, Transcription } from './transcripts.tables.ts';

/** A transcription with the room of its recording. */
export interface FoundTranscription {
  transcription: Transcription;
  roomId: string | null;
}

export const presentTranscription = ({ transcription, roomId }: FoundTranscription): TranscriptionView => ({
  id: transcription.id,
  fileId: transcription.fileId,
  roomId,
  recordingId: transcription.recordingId,
  callId: transcription.callId,
  state: transcription.state,
  reason: transcription.reason,
  progress: progressOf(transcription),
  requestedLanguage: transcription.requestedLanguage,
  language: transcription.language,
  languageConfidence: fromThousandths(transcription.languageConfidence),
  model: transcription.model,
  durationSeconds: transcription.durationMs === null ? null : transcription.durationMs / 1000,
  requestedBy: transcription.requestedBy,
  createdAt: transcription.createdAt.toISOString(),
  endedAt: transcription.endedAt?.toISOString() ?? null,
});

/** The words as in the API. */
export const presentWords = ({ words }: Pick<Segment, 'words'>): SegmentView['words'] =>
  words.map(({ text, startMs, endMs, confidence }) => ({
    text,
    startSeconds: startMs / 1000,
    endSeconds: endMs / 1000,
    confidence,
  }));

export const presentSegment = (segment: Segment): SegmentView => ({
  position: segment.position,
  startSeconds: segment.startMs / 1000,
  endSeconds: segment.endMs / 1000,
  text: segment.text,
  confidence: fromThousandths(segment.confidence),
  speaker: segment.speaker,
  language: segment.language,
  isGap: segment.isGap,
  words: presentWords(segment),
  correctedBy: segment.correctedBy,
  correctedAt: segment.correctedAt?.toISOString() ?? null,
  version: segment.version,
});

export const presentCorrection = (correction: Correction): CorrectionView => ({
  id: correction.id,
  position: correction.position,
  previousText: correction.previousText,
  text: correction.text,
  correctedBy: correction.correctedBy,
  createdAt: correction.createdAt.toISOString(),
});
