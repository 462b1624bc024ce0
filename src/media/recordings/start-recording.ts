import { selectOpenCall } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  requesterIdentity,
  requireModerator,
  requireRoomAccess,
  type RoomAccessRequest,
} from '../../rooms/access/index.ts';
import { announceRecording } from '../../rooms/recording-consents/index.ts';
import { type Bucket, bucketErrors, selectBucket } from '../buckets/index.ts';
import { changeEventOf } from './advance-recording.ts';
import { recordingErrors } from './recordings.errors.ts';
import { recordingConsentDue } from './recordings.events.ts';
import { insertRecording, selectLinkOf } from './recordings.queries.ts';
import { CONSENT_MS } from './recordings.rules.ts';
import type { StartRecording } from './recordings.schemas.ts';
import type { Recording } from './recordings.tables.ts';

/** The recorder adds the extension to a track's, which is stored as it was sent. */
const EXTENSIONS = { composite: '.mp4', audio: '.ogg', participant: '.mp4', track: '' } as const;

interface NewRecording extends Pick<Recording, 'kind' | 'subject' | 'requestedBy'> {
  retentionSeconds: number | undefined;
  isConsentRequired: boolean;
  call: { id: string; roomId: string; cluster: string };
  bucket: Bucket;
}

function createRecording(
  ctx: Ctx,
  { call, bucket, kind, retentionSeconds, isConsentRequired, ...fields }: NewRecording,
): Recording {
  const now = new Date(ctx.clock.now());
  const id = ctx.ids.create('recording');
  return {
    id,
    organizationId: ctx.organizationId,
    roomId: call.roomId,
    callId: call.id,
    bucketId: bucket.id,
    cluster: call.cluster,
    kind,
    ...fields,
    state: 'requested',
    reason: null,
    objectKey: `${bucket.prefix}${call.roomId}/${call.id}/${id}${EXTENSIONS[kind]}`,
    egress: null,
    etag: null,
    sizeBytes: null,
    durationMs: null,
    consentDueAt: isConsentRequired ? new Date(now.getTime() + CONSENT_MS) : null,
    agreedAt: null,
    begunAt: null,
    startedAt: null,
    stopRequestedAt: null,
    stopReason: null,
    endedAt: null,
    expiresAt: retentionSeconds === undefined ? null : new Date(now.getTime() + retentionSeconds * 1000),
    deleteRequestedAt: null,
    deletionCause: null,
    heldBy: null,
    heldFor: null,
    stateAt: now,
    listedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

const announcementOf = ({ id, organizationId, callId, consentDueAt, createdAt }: Recording) => ({
  recordingId: id,
  organizationId,
  callId,
  consentRequired: consentDueAt !== null,
  agreedAt: null,
  createdAt,
});

/** It is looked at again when the time is over in which everybody has to agree. */
const consentDueEvents = ({ id, consentDueAt }: Recording) =>
  consentDueAt
    ? [recordingConsentDue.of({ recordingId: id }, { availableAtMs: consentDueAt.getTime() })]
    : [];

/**
 * Asks for a recording of the room's open call. It begins within seconds, by a subscriber of the event.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `recordings.no_call`, `recordings.already_recording`,
 * `recordings.switched_off`, `recordings.bucket_failing`, `buckets.not_found` or `billing.feature_not_included`
 */
export async function startRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  { kind, bucketId, ...input }: StartRecording,
): Promise<Recording> {
  const { organizationId } = ctx;
  const { roomId } = request;
  const identity = requesterIdentity(ctx.actor, request);
  const [access, [call], [bucket], [link]] = await requireRoomAccess(ctx, request, (q) => [
    selectOpenCall(q, organizationId, roomId),
    selectBucket(q, organizationId, bucketId),
    selectLinkOf(q, organizationId, roomId, identity),
  ]);
  requireModerator(access);
  if (!access.room.features.recording || link?.enableRecording === false) throw recordingErrors.switchedOff();
  if (call?.status !== 'active') throw recordingErrors.noCall();
  if (!bucket) throw bucketErrors.notFound();
  if (bucket.status === 'failing') throw recordingErrors.bucketFailing();
  const subject = kind === 'participant' ? input.identity! : kind === 'track' ? input.trackSid! : '';
  const { retentionSeconds } = input;
  const requestedBy = access.identity;
  const isConsentRequired = access.room.recordingConsent === 'required';
  const row = createRecording(ctx, {
    call,
    bucket,
    kind,
    subject,
    requestedBy,
    retentionSeconds,
    isConsentRequired,
  });
  return ctx.commit({
    write: (q) => [...insertRecording(q, row), announceRecording(q, announcementOf(row))],
    audit: {
      action: 'recording.requested',
      target: { type: 'room', id: roomId },
      after: { recordingId: row.id, callId: call.id, kind, subject, bucketId },
    },
    events: [changeEventOf(row), ...consentDueEvents(row)],
    conflicts: { recordings_running_key: recordingErrors.alreadyRecording },
    result: row,
  });
}
