import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../../rooms/access/index.ts';
import { changeEventOf } from './advance-stream.ts';
import { streamErrors } from './streams.errors.ts';
import { selectStream, selectStreams, stopOpen } from './streams.queries.ts';
import { isOver } from './streams.rules.ts';
import type { Stream } from './streams.tables.ts';

/** @throws AppError `rooms.not_found`, `moderation.not_moderator` or `streams.not_found` */
export async function getStream(ctx: Ctx, request: RoomAccessRequest, streamId: string): Promise<Stream> {
  const [access, [found]] = await requireRoomAccess(ctx, request, (q) => [
    selectStream(q, ctx.organizationId, request.roomId, streamId),
  ]);
  requireModerator(access);
  if (!found) throw streamErrors.notFound();
  return found;
}

/** The streams of a room, newest first. @throws AppError `rooms.not_found` or `moderation.not_moderator` */
export async function listStreams(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<Page<Stream>> {
  const page = { before: readCursor(cursor), limit };
  const [access, rows] = await requireRoomAccess(ctx, request, (q) => [
    selectStreams(q, ctx.organizationId, request.roomId, page),
  ]);
  requireModerator(access);
  return pageOf(rows, limit, ({ id }) => id);
}

/**
 * Asks a stream to stop; repeating it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `streams.not_found`
 */
export async function stopStream(ctx: Ctx, request: RoomAccessRequest, streamId: string): Promise<Stream> {
  const stream = await getStream(ctx, request, streamId);
  if (isOver(stream.state) || stream.stopRequestedAt) return stream;
  const at = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [stopOpen(q, stream, at)],
    audit: {
      action: 'stream.stopped',
      target: { type: 'room', id: request.roomId },
      after: { streamId, reason: 'requested' },
    },
    events: [changeEventOf(stream)],
    result: { ...stream, stopRequestedAt: at, stopReason: 'requested' },
  });
}
