import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { announceRecording } from '../../rooms/recording-consents/index.ts';
import { productKey, type RecordingLocation } from '../recording-objects/index.ts';
import { holdRunning } from './recording-requests.queries.ts';
import {
  changeEventOf,
  CONSENT_MS,
  holdStorageLeft,
  insertRecording,
  type Recording,
  recordingConsentDue,
  recordingErrors,
} from '../recordings/index.ts';

/** The recorder adds the extension to a track's, which is stored as it was sent. */
const EXTENSIONS = { composite: '.mp4', audio: '.ogg', participant: '.mp4', track: '' } as const;

interface NewRecording extends Pick<Recording, 'kind' | 'subject' | 'requestedBy'> {
  retentionSeconds: number | undefined;
  isConsentRequired: boolean;
  call: { id: string; roomId: string; cluster: string };
  place: RecordingLocation;
}

/** Columns that are unknown when a recording has just been requested. */
const NOTHING_YET = {
  state: 'requested',
  reason: null,
  egress: null,
  etag: null,
  checksum: null,
  checksumBegunAt: null,
  storedBytes: 0,
  sizeBytes: null,
  durationMs: null,
  agreedAt: null,
  begunAt: null,
  startedAt: null,
  stopRequestedAt: null,
  stopReason: null,
  endedAt: null,
  deleteRequestedAt: null,
  deletionCause: null,
  heldBy: null,
  heldFor: null,
  listedAt: null,
} as const;

/** The key of the object. It has the id of the recording, by which the egress is found. */
function keyOf(
  { organizationId }: Ctx,
  { storage, bucket }: RecordingLocation,
  { id: callId, roomId }: NewRecording['call'],
  name: string,
): string {
  return storage === 'product'
    ? productKey(organizationId, callId, name)
    : `${bucket!.prefix}${roomId}/${callId}/${name}`;
}

/** The row of a requested recording. */
export function createRecording(
  ctx: Ctx,
  { call, place, kind, retentionSeconds, isConsentRequired, ...fields }: NewRecording,
): Recording {
  const now = new Date(ctx.clock.now());
  const id = ctx.ids.create('recording');
  return {
    id,
    organizationId: ctx.organizationId,
    roomId: call.roomId,
    callId: call.id,
    storage: place.storage,
    bucketId: place.bucket?.id ?? null,
    cluster: call.cluster,
    kind,
    ...fields,
    ...NOTHING_YET,
    objectKey: keyOf(ctx, place, call, `${id}${EXTENSIONS[kind]}`),
    consentDueAt: isConsentRequired ? new Date(now.getTime() + CONSENT_MS) : null,
    expiresAt: retentionSeconds === undefined ? null : new Date(now.getTime() + retentionSeconds * 1000),
    stateAt: now,
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

/** It is checked again when the time to agree is over. */
const consentDueEvents = ({ id, consentDueAt }: Recording) =>
  consentDueAt
    ? [recordingConsentDue.of({ recordingId: id }, { availableAtMs: consentDueAt.getTime() })]
    : [];

/**
 * The commit that asks for a recording: with its announcement, and refused when one of the same runs, too many run,
 * the plan has none, or too little is left of its storage.
 */
export function recordingRequest(row: Recording) {
  const { id: recordingId, organizationId, roomId, callId, kind, subject, storage, bucketId } = row;
  const now = row.createdAt;
  return {
    write: (q: Queries) => [
      ...insertRecording(q, row),
      announceRecording(q, announcementOf(row)),
      ...holdRunning(q, row),
      ...(storage === 'product' ? [holdStorageLeft(q, organizationId, now)] : []),
    ],
    audit: {
      action: 'recording.requested',
      target: { type: 'room', id: roomId } as const,
      after: { recordingId, callId, kind, subject, storage, bucketId },
    },
    events: [changeEventOf(row), ...consentDueEvents(row)],
    conflicts: { recordings_running_key: recordingErrors.alreadyRecording },
    result: row,
  };
}
