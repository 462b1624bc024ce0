import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { RECORDING_STORAGES } from '../recording-objects/index.ts';
import { RECORDING_KINDS, RECORDING_REASONS, RECORDING_STATES, STOP_REASONS } from './recordings.enums.ts';

const recordingId = idSchema('recording');
export const recordingParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room.'),
  recordingId: recordingId.describe('The recording.'),
});

export const recordingKindSchema = z
  .enum(RECORDING_KINDS)
  .describe(
    '`composite`: all participants in one picture, as MP4. `audio`: their sound alone, as OGG. `participant`: camera and sound ' +
      'of one, as MP4. `track`: one track as it is sent.',
  );
const bucketId = idSchema('bucket');
const moment = z.iso.datetime().nullable();
export const recordingSchema = z
  .object({
    id: recordingId.describe('Id of the recording.'),
    roomId: roomIdSchema.describe('Room that was recorded.'),
    callId: idSchema('call').describe('Call that was recorded.'),
    kind: recordingKindSchema,
    identity: z
      .string()
      .nullable()
      .describe(
        'Identity of the participant who is recorded, for the kind `participant`; null for all others.',
      ),
    trackSid: z
      .string()
      .nullable()
      .describe('The track that is recorded, for the kind `track`; null for all others.'),
    storage: z
      .enum(RECORDING_STORAGES)
      .describe('Where it is stored: in a `bucket` of the organization, or by the `product`.'),
    bucketId: bucketId
      .nullable()
      .describe('Bucket that it is stored in; null for `product`, and after the bucket was removed.'),
    state: z
      .enum(RECORDING_STATES)
      .describe(
        'First `requested`, `starting`, `active`, `finalizing`, `verifying`, then `ready`, `failed` or `lost`; it never moves back. ' +
          '`compressing`: ready, while a smaller copy of its file is made. `held`: ready, and kept until the hold is released. `expired`, `deleted`: its file is gone.',
      ),
    reason: z
      .enum(RECORDING_REASONS)
      .nullable()
      .describe('Why it is in this state; null when the state explains itself.'),
    stopReason: z
      .enum(STOP_REASONS)
      .nullable()
      .describe(
        'Why it has to stop. Somebody asked for it (`requested`). The call, the room or the organization ended. ' +
          'Recordings were switched off in the room, or are no longer included in the plan. Somebody in the call did not ' +
          'agree. Null when it does not have to stop.',
      ),
    sizeBytes: z.int().nullable().describe('Size in bytes; null until it is known.'),
    checksum: z
      .string()
      .nullable()
      .describe(
        'SHA-256 of the file as it was verified, in lower-case hex; null before, and for a file that is too large to compute it.',
      ),
    durationSeconds: z.number().nullable().describe('Duration in seconds; null until it is known.'),
    requestedBy: z
      .string()
      .describe(
        'Identity of the person who requested it; the id of the room if the setting `automaticRecording` of the room or ' +
          'organization did.',
      ),
    consentDueAt: moment.describe(
      'Until when everybody in the call has to agree, two minutes after the request; null if it needs no consent.',
    ),
    agreedAt: moment.describe('When everybody had agreed; null before, and if it needs no consent.'),
    startedAt: moment.describe('When it began; null before.'),
    endedAt: moment.describe('When it ended; null before.'),
    expiresAt: moment.describe(
      'When its file is deleted, unless it is held; null when it is kept until somebody deletes it.',
    ),
    heldFor: z.string().nullable().describe('Why it is held; null while it is not.'),
    createdAt: z.iso.datetime().describe('When it was requested.'),
  })
  .openapi('Recording');
export type RecordingView = z.output<typeof recordingSchema>;
export const recordingPageSchema = pageSchema(recordingSchema).openapi('RecordingPage');

export const recordingExample: RecordingView = {
  id: exampleId('recording'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  kind: 'composite',
  identity: null,
  trackSid: null,
  storage: 'bucket',
  bucketId: exampleId('bucket'),
  state: 'ready',
  reason: null,
  stopReason: 'call_ended',
  sizeBytes: 48_210_944,
  checksum: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  durationSeconds: 1_804.2,
  requestedBy: exampleId('user'),
  consentDueAt: null,
  agreedAt: null,
  startedAt: '2026-01-05T09:30:04.000Z',
  endedAt: '2026-01-05T10:00:08.200Z',
  expiresAt: null,
  heldFor: null,
  createdAt: '2026-01-05T09:30:00.000Z',
};
