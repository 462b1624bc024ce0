import type { Ctx } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import { playbackErrors, readPlaybackToken } from '../../media/playback/index.ts';
import { getRecording } from '../../media/recordings/index.ts';
import { readChat } from '../chat/index.ts';
import { selectMessagesOf } from './playback-messages.queries.ts';

const MAX_MESSAGES = 1_000;

/** A message as it lies in the recording. */
export interface PlaybackMessage {
  messageId: string;
  name: string;
  text: string;
  atSeconds: number;
}

export interface PlaybackMessages {
  messages: PlaybackMessage[];
  isComplete: boolean;
}

/** The messages that were sent while the recording was made, as far as the token's holder may read the chat of the room now. */
async function listMessagesDuring(ctx: Ctx, token: string): Promise<PlaybackMessages> {
  const { ctx: asHolder, request, recordingId } = await readPlaybackToken(ctx, token);
  const { roomId, startedAt, durationMs } = await getRecording(asHolder, request, recordingId);
  if (!startedAt || durationMs === null) return { messages: [], isComplete: true };
  const startMs = startedAt.getTime();
  const { organizationId } = asHolder;
  const period = { organizationId, roomId, from: startedAt, to: new Date(startMs + durationMs) };
  const [rows] = await readChat(asHolder, roomId, (q) => [selectMessagesOf(q, period, MAX_MESSAGES)]);
  const messages = rows
    .slice(0, MAX_MESSAGES)
    .map(({ sentAt, ...message }) => ({ ...message, atSeconds: (sentAt.getTime() - startMs) / 1_000 }));
  return { messages, isComplete: rows.length <= MAX_MESSAGES };
}

/** @throws AppError `playback.not_found`, whatever the holder of the token lacks */
export async function listPlaybackMessages(ctx: Ctx, token: string): Promise<PlaybackMessages> {
  try {
    return await listMessagesDuring(ctx, token);
  } catch (error) {
    if (error instanceof AppError && [403, 404].includes(error.definition.status))
      throw playbackErrors.notFound({ cause: error });
    throw error;
  }
}
