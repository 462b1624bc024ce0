import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type Page, pageOf, type PageQuery, readCursor } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../../rooms/access/index.ts';
import type { Bucket } from '../buckets/index.ts';
import { changeEventOf } from './advance-recording.ts';
import { recordingErrors } from './recordings.errors.ts';
import { changeRecording, selectRecording, selectRecordings, stopRunning } from './recordings.queries.ts';
import { isGone, isOver } from './recordings.rules.ts';
import type { Recording } from './recordings.tables.ts';

export interface FoundRecording {
  recording: Recording;
  bucket: Bucket | null;
}

/** The recordings of the room that the caller may have as a moderator. */
const scopeOf = ({ actor, organizationId }: Ctx, { roomId }: RoomAccessRequest) => ({
  organizationId,
  roomId,
  guest: actor.kind === 'guest' ? actorId(actor) : null,
});

/** @throws AppError `rooms.not_found`, `moderation.not_moderator` or `recordings.not_found` */
export async function findRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
): Promise<FoundRecording> {
  const [access, [found]] = await requireRoomAccess(ctx, { ...request, alsoDeleted: true }, (q) => [
    selectRecording(q, scopeOf(ctx, request), recordingId),
  ]);
  requireModerator(access);
  if (!found || found.recording.state === 'deleted') throw recordingErrors.notFound();
  return found;
}

/** @throws AppError `rooms.not_found`, `moderation.not_moderator` or `recordings.not_found` */
export const getRecording = async (ctx: Ctx, request: RoomAccessRequest, recordingId: string) =>
  (await findRecording(ctx, request, recordingId)).recording;

/** The recordings of a room, newest first. @throws AppError `rooms.not_found` or `moderation.not_moderator` */
export async function listRecordings(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<Page<Recording>> {
  const page = { before: readCursor(cursor), limit };
  const [access, rows] = await requireRoomAccess(ctx, { ...request, alsoDeleted: true }, (q) => [
    selectRecordings(q, scopeOf(ctx, request), page),
  ]);
  requireModerator(access);
  return pageOf(rows, limit, ({ id }) => id);
}

/**
 * Asks a recording to stop; repeating it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `recordings.not_found`
 */
export async function stopRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
): Promise<Recording> {
  const { recording } = await findRecording(ctx, request, recordingId);
  if (isOver(recording.state) || recording.stopRequestedAt) return recording;
  const at = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [stopRunning(q, recording, at)],
    audit: {
      action: 'recording.stopped',
      target: { type: 'room', id: request.roomId },
      after: { recordingId, reason: 'requested' },
    },
    events: [changeEventOf(recording)],
    result: { ...recording, stopRequestedAt: at, stopReason: 'requested' },
  });
}

/**
 * Asks for a recording to be deleted with its object.
 * @throws AppError as `stopRecording`, `recordings.not_over` or `recordings.held`
 */
export async function deleteRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
): Promise<void> {
  const { recording } = await findRecording(ctx, request, recordingId);
  if (!isOver(recording.state)) throw recordingErrors.notOver();
  if (recording.state === 'held') throw recordingErrors.held();
  if (recording.deleteRequestedAt || isGone(recording.state)) return;
  const now = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [
      changeRecording(q, recording, { deleteRequestedAt: now, deletionCause: 'requested', updatedAt: now }),
    ],
    audit: {
      action: 'recording.deleted',
      severity: 'warning',
      target: { type: 'room', id: request.roomId },
      before: { recordingId, state: recording.state },
    },
    events: [changeEventOf(recording)],
    result: undefined,
  });
}
