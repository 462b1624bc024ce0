import type { Ctx } from '../../kernel/context/index.ts';
import type { SpeechService } from '../providers/index.ts';
import { sourceOf } from './find-pieces.ts';
import {
  changeTranscription,
  countedEventOf,
  type Transcription,
  transcriptionFinished,
  type TranscriptionReason,
  type TranscriptionToAdvance,
} from '../transcripts/index.ts';

/** Ends a transcription: ready, or failed for a reason. @throws AppError `request.stale` when it changed at the same moment */
export function endTranscription(
  ctx: Ctx,
  row: Transcription,
  reason: TranscriptionReason | null,
): Promise<void> {
  const now = new Date(ctx.clock.now());
  const state = reason === null ? 'ready' : 'failed';
  const { id: transcriptionId } = row;
  const counted = countedEventOf({ ...row, version: row.version + 1 });
  return ctx.commit({
    write: (q) => [changeTranscription(q, row, { state, reason, endedAt: now, updatedAt: now })],
    audit: {
      action: `transcription.${state}`,
      target: { type: 'transcription', id: transcriptionId },
      after: { reason, durationMs: row.durationMs },
    },
    events: [transcriptionFinished.of({ transcriptionId, state, reason }), counted],
    result: undefined,
  });
}

/** The service also forgets the sound by itself. */
export async function forgetSource(
  ctx: Ctx,
  service: SpeechService,
  row: TranscriptionToAdvance,
): Promise<void> {
  try {
    await service.sources.end(sourceOf(row));
  } catch (error) {
    ctx.log.warn('transcription.source_not_forgotten', { transcriptionId: row.transcription.id, error });
  }
}
