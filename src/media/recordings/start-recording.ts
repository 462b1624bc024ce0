import { selectOpenCall } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../../rooms/access/index.ts';
import { bucketErrors, selectBucket } from '../buckets/index.ts';
import { recordingErrors } from './recordings.errors.ts';
import { recordingChanged } from './recordings.events.ts';
import { insertRecording } from './recordings.queries.ts';
import type { StartRecording } from './recordings.schemas.ts';
import type { Recording } from './recordings.tables.ts';

const EXTENSIONS = { composite: 'mp4', audio: 'ogg' } as const;

/** What the event of a change says. */
export const changeEventOf = ({ id, roomId, callId, state, reason }: Recording) =>
  recordingChanged.of({ recordingId: id, roomId, callId, state, reason });

/**
 * Asks for a recording of the room's open call. It begins within seconds, by a subscriber of the event.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `recordings.no_call`, `recordings.already_recording`,
 * `recordings.bucket_failing` or `buckets.not_found`
 */
export async function startRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  { kind, bucketId }: StartRecording,
): Promise<Recording> {
  const { organizationId } = ctx;
  const { roomId } = request;
  const [access, [call], [bucket]] = await requireRoomAccess(ctx, request, (q) => [
    selectOpenCall(q, organizationId, roomId),
    selectBucket(q, organizationId, bucketId),
  ]);
  requireModerator(access);
  if (call?.status !== 'active') throw recordingErrors.noCall();
  if (!bucket) throw bucketErrors.notFound();
  if (bucket.status === 'failing') throw recordingErrors.bucketFailing();
  const now = new Date(ctx.clock.now());
  const id = ctx.ids.create('recording');
  const row: Recording = {
    id,
    organizationId,
    roomId,
    callId: call.id,
    bucketId,
    cluster: call.cluster,
    kind,
    state: 'requested',
    reason: null,
    objectKey: `${bucket.prefix}${roomId}/${call.id}/${id}.${EXTENSIONS[kind]}`,
    egress: null,
    sizeBytes: null,
    durationMs: null,
    requestedBy: access.identity,
    startedAt: null,
    stopRequestedAt: null,
    endedAt: null,
    deleteRequestedAt: null,
    stateAt: now,
    listedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    write: (q) => [insertRecording(q, row)],
    audit: {
      action: 'recording.requested',
      target: { type: 'room', id: roomId },
      after: { recordingId: id, callId: call.id, kind, bucketId },
    },
    events: [changeEventOf(row)],
    conflicts: { recordings_running_key: recordingErrors.alreadyRecording },
    result: row,
  });
}
