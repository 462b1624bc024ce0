import type { Ctx } from '../../kernel/context/index.ts';
import { hasStatus } from '../../kernel/core/index.ts';
import { signDownloadUrl } from '../../media/downloads/index.ts';
import { playbackErrors, readPlaybackToken } from '../../media/playback/index.ts';
import { getRecording } from '../../media/recordings/index.ts';
import { type OpenableFile, readChat } from '../chat/index.ts';
import { selectMessagesOf } from './playback-messages.queries.ts';

const MAX_MESSAGES = 1_000;
/** So many files get an address at most: each is signed. */
const MAX_ADDRESSES = 200;

/** A file of a message. */
export interface PlaybackFile extends Omit<OpenableFile, 'mayOpen'> {
  /** Where its bytes are for an hour; null for a file that the holder of the token may not have. */
  url: string | null;
}

/** A message as it lies in the recording. */
export interface PlaybackMessage {
  messageId: string;
  name: string;
  text: string;
  atSeconds: number;
  files: PlaybackFile[];
}

export interface PlaybackMessages {
  messages: PlaybackMessage[];
  isComplete: boolean;
}

/** Gives files their addresses, which work with the authority of the token's holder: what that is by then is asked when they are opened. */
function createSigning(asHolder: Ctx) {
  let left = MAX_ADDRESSES;
  return ({ mayOpen, ...file }: OpenableFile): Promise<PlaybackFile> => {
    const isSigned = mayOpen && left-- > 0;
    return isSigned
      ? signDownloadUrl(asHolder, file.fileId).then((url) => ({ ...file, url }))
      : Promise.resolve({ ...file, url: null });
  };
}

/** The messages that were sent while the recording was made, as far as the token's holder may read the chat of the room now. */
async function listMessagesDuring(ctx: Ctx, token: string): Promise<PlaybackMessages> {
  const { ctx: asHolder, request, recordingId } = await readPlaybackToken(ctx, token);
  const { roomId, startedAt, durationMs } = await getRecording(asHolder, request, recordingId);
  if (!startedAt || durationMs === null) return { messages: [], isComplete: true };
  const startMs = startedAt.getTime();
  const { organizationId } = asHolder;
  const period = { organizationId, roomId, from: startedAt, to: new Date(startMs + durationMs) };
  const reading = { limit: MAX_MESSAGES, now: new Date(ctx.clock.now()), reader: asHolder.actor };
  const [rows] = await readChat(asHolder, roomId, (q) => [selectMessagesOf(q, period, reading)]);
  const sign = createSigning(asHolder);
  const messages = rows.slice(0, MAX_MESSAGES).map(async ({ sentAt, files, ...message }) => ({
    ...message,
    atSeconds: (sentAt.getTime() - startMs) / 1_000,
    files: await Promise.all(files.map(sign)),
  }));
  return { messages: await Promise.all(messages), isComplete: rows.length <= MAX_MESSAGES };
}

/** @throws AppError `playback.not_found`, whatever the holder of the token lacks */
export async function listPlaybackMessages(ctx: Ctx, token: string): Promise<PlaybackMessages> {
  try {
    return await listMessagesDuring(ctx, token);
  } catch (error) {
    if (hasStatus(error, 403, 404)) throw playbackErrors.notFound({ cause: error });
    throw error;
  }
}
