import type { Ctx } from '../../kernel/context/index.ts';
import { hasStatus, requirePermission } from '../../kernel/core/index.ts';
import { playbackErrors, readPlaybackToken } from '../../media/playback/index.ts';
import { getRecording } from '../../media/recordings/index.ts';
import { selectSpoken, type SpokenRow } from './playback-transcripts.queries.ts';

const MAX_SEGMENTS = 5_000;

export interface PlaybackTranscript {
  segments: SpokenRow[];
  isComplete: boolean;
}

/** What was said during the recording, if the token's holder may read transcripts and the recording now. */
async function readSpokenDuring(ctx: Ctx, token: string): Promise<PlaybackTranscript> {
  const { ctx: asHolder, request, recordingId } = await readPlaybackToken(ctx, token);
  requirePermission(asHolder.actor, 'transcripts:read');
  const { callId, startedAt, durationMs } = await getRecording(asHolder, request, recordingId);
  if (!startedAt || durationMs === null) return { segments: [], isComplete: true };
  const { organizationId } = asHolder;
  const part = { organizationId, recordingId, callId, startedAt, durationMs };
  const [{ rows }] = await asHolder.read((q) => [selectSpoken(q, part, MAX_SEGMENTS)]);
  return { segments: rows.slice(0, MAX_SEGMENTS), isComplete: rows.length <= MAX_SEGMENTS };
}

/** @throws AppError `playback.not_found`, whatever the holder of the token lacks */
export async function readPlaybackTranscript(ctx: Ctx, token: string): Promise<PlaybackTranscript> {
  try {
    return await readSpokenDuring(ctx, token);
  } catch (error) {
    if (hasStatus(error, 403, 404)) throw playbackErrors.notFound({ cause: error });
    throw error;
  }
}
