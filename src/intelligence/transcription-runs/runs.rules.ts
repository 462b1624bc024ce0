import { cleanLine } from '../../kernel/core/index.ts';
import type { ProviderFailure, SoundPiece, SpokenSegment } from '../providers/index.ts';
import {
  isScanned,
  isTranscribable,
  type Segment,
  toThousandths,
  type TranscriptionGround,
  type TranscriptionReason,
} from '../transcripts/index.ts';

/** Positions of one piece: more than a minute has segments. */
const POSITIONS = 10_000;

/** Whether the file or recording still exists, and may still be read. */
export function hasSource(
  { file, recording, isOrganizationDeleted }: TranscriptionGround,
  now: Date,
): boolean {
  if (isOrganizationDeleted) return false;
  if (recording) return isTranscribable(recording);
  if (!file || file.deletedAt || file.status !== 'stored' || !isScanned(file)) return false;
  return file.expiresAt === null || file.expiresAt > now;
}

type NewSegment = Omit<
  Segment,
  'organizationId' | 'transcriptionId' | 'correctedBy' | 'correctedAt' | 'version'
>;

/**
 * The segments of a piece, at their times in the whole; a segment that exceeds the end is cut there.
 * @param speaker the identity of the only speaker, if it is known
 */
export const segmentsOf = (
  piece: SoundPiece,
  index: number,
  segments: readonly SpokenSegment[],
  speaker: string | null,
): NewSegment[] => {
  const at = (ms: number) => Math.min(piece.startMs + ms, piece.endMs);
  return segments.slice(0, POSITIONS).map(({ text, startMs, endMs, confidence, words }, number) => ({
    position: index * POSITIONS + number,
    startMs: at(startMs),
    endMs: at(endMs),
    text: cleanLine(text.toWellFormed()),
    confidence: toThousandths(confidence),
    speaker,
    language: null,
    isGap: false,
    words: words.map((word) => ({
      ...word,
      text: cleanLine(word.text.toWellFormed()),
      startMs: at(word.startMs),
      endMs: at(word.endMs),
    })),
  }));
};

/** Refusals that pass: the service has forgotten the bytes, or has others. */
const PASSING = ['source_unknown', 'offset_differs', 'piece_unknown', 'too_many_bytes'];

/**
 * Why a file cannot be transcribed, from the answer of the service; undefined for a failure that may pass. The service
 * would repeat a refusal with a code of its own, and retries would keep its capacity occupied.
 */
export function reasonOf({ kind, code }: ProviderFailure): TranscriptionReason | undefined {
  if (kind !== 'request_refused' || code === undefined || PASSING.includes(code)) return undefined;
  if (code === 'too_long' || code === 'too_large') return 'too_long';
  return code === 'no_sound' ? code : 'not_readable';
}
