import { selectOpenCall } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  requesterIdentity,
  requireModerator,
  requireRoomAccess,
  type RoomAccessRequest,
} from '../../rooms/access/index.ts';
import { type Bucket, bucketErrors, selectBucket } from '../buckets/index.ts';
import { selectLinkOf } from '../recording-requests/index.ts';
import { changeEventOf } from './advance-stream.ts';
import { createTarget, type StreamTarget } from '../stream-targets/index.ts';
import { streamErrors } from './streams.errors.ts';
import { insertStream } from './streams.queries.ts';
import type { StartStream } from './new-stream.schemas.ts';
import type { Stream } from './streams.tables.ts';

interface NewStream {
  call: { id: string; roomId: string; cluster: string };
  layout: Stream['layout'];
  targets: StreamTarget[];
  /** Where segments are written, if they are. */
  segments: { bucket: Bucket; segmentSeconds: number } | null;
  requestedBy: string;
}

function createStream(ctx: Ctx, { call, layout, targets, segments, requestedBy }: NewStream): Stream {
  const now = new Date(ctx.clock.now());
  const id = ctx.ids.create('stream');
  return {
    id,
    organizationId: ctx.organizationId,
    roomId: call.roomId,
    callId: call.id,
    cluster: call.cluster,
    layout,
    state: 'requested',
    reason: null,
    targets,
    bucketId: segments?.bucket.id ?? null,
    segmentFolder: segments ? `${segments.bucket.prefix}${call.roomId}/${call.id}/${id}/` : null,
    segmentSeconds: segments?.segmentSeconds ?? null,
    segmentCount: 0,
    segmentBytes: 0,
    egress: null,
    requestedBy,
    begunAt: null,
    startedAt: null,
    stopRequestedAt: null,
    stopReason: null,
    endedAt: null,
    stateAt: now,
    listedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/** Reads what a stream needs, and checks that the caller may start one. */
async function readGround(ctx: Ctx, request: RoomAccessRequest, bucketId: string | undefined) {
  const { organizationId } = ctx;
  const { roomId } = request;
  const identity = requesterIdentity(ctx.actor, request);
  const [access, [call], [bucket], [link]] = await requireRoomAccess(ctx, request, (q) => [
    selectOpenCall(q, organizationId, roomId),
    selectBucket(q, organizationId, bucketId ?? ''),
    selectLinkOf(q, organizationId, roomId, identity),
  ]);
  requireModerator(access);
  if (!access.room.features.recording || link?.enableRecording === false) throw streamErrors.switchedOff();
  // People are asked about recordings only, so that there is no stream where everybody has to agree.
  if (access.room.recordingConsent === 'required') throw streamErrors.consentRequired();
  if (call?.status !== 'active') throw streamErrors.noCall();
  if (bucketId !== undefined && !bucket) throw bucketErrors.notFound();
  if (bucket?.status === 'failing') throw streamErrors.bucketFailing();
  return { call, bucket, requestedBy: access.identity };
}

/**
 * Asks for a live stream of the room's open call. It begins within seconds, by a subscriber of the event.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `streams.no_call`, `streams.already_streaming`, `streams.too_many`,
 * `streams.switched_off`, `streams.consent_required`, `streams.bucket_failing`, `buckets.not_found`, `outgoing.*` or `billing.feature_not_included`
 */
export async function startStream(
  ctx: Ctx,
  request: RoomAccessRequest,
  { layout, targets: wanted, segments }: StartStream,
): Promise<Stream> {
  const { call, bucket, requestedBy } = await readGround(ctx, request, segments?.bucketId);
  const targets = await Promise.all(wanted.map((target) => createTarget(ctx, target)));
  const row = createStream(ctx, {
    call,
    layout,
    targets,
    segments: segments ? { bucket: bucket!, segmentSeconds: segments.segmentSeconds } : null,
    requestedBy,
  });
  return ctx.commit({
    write: (q) => insertStream(q, row),
    audit: {
      action: 'stream.requested',
      target: { type: 'room', id: request.roomId },
      after: {
        streamId: row.id,
        callId: call.id,
        layout,
        targets: targets.map(({ id, url }) => ({ id, url })),
        bucketId: row.bucketId,
      },
    },
    events: [changeEventOf(row)],
    conflicts: { streams_running_key: streamErrors.alreadyStreaming },
    result: row,
  });
}
