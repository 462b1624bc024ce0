import type { Ctx } from '../../kernel/context/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import { findDownload } from '../recording-downloads/index.ts';
import { PLAYBACK_SECONDS, signPlaybackToken } from './playback-token.ts';

export interface PlaybackAddress {
  url: string;
  token: string;
  expiresAt: Date;
}

/**
 * Creates the address of a page that plays a recording; everybody who has it can watch as long as the caller could.
 * @throws AppError as `findDownload`
 */
export async function createPlayback(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
): Promise<PlaybackAddress> {
  await findDownload(ctx, request, recordingId);
  const token = await signPlaybackToken(ctx, request.roomId, recordingId);
  return ctx.commit({
    write: () => [],
    audit: {
      action: 'recording.playback_created',
      target: { type: 'room', id: request.roomId },
      after: { recordingId },
    },
    result: {
      url: `${ctx.config.PUBLIC_URL}/playback#${token}`,
      token,
      expiresAt: new Date(ctx.clock.now() + PLAYBACK_SECONDS * 1_000),
    },
  });
}
