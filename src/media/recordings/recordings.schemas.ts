import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { RECORDING_KINDS, RECORDING_REASONS, RECORDING_STATES } from './recordings.enums.ts';

const recordingId = idSchema('recording');
export const recordingParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room.'),
  recordingId: recordingId.describe('The recording.'),
});

const kind = z
  .enum(RECORDING_KINDS)
  .describe('`composite`: all participants in one picture, as MP4. `audio`: their sound alone, as OGG.');
const bucketId = idSchema('bucket');

export const startRecordingSchema = z.strictObject({
  kind: kind.default('composite'),
  bucketId: bucketId.describe(
    'Bucket of the organization that it is stored in; its last test must have succeeded.',
  ),
});
export type StartRecording = z.output<typeof startRecordingSchema>;

const moment = z.iso.datetime().nullable();
export const recordingSchema = z
  .object({
    id: recordingId.describe('Id of the recording.'),
    roomId: roomIdSchema.describe('Room that was recorded.'),
    callId: idSchema('call').describe('Call that was recorded.'),
    kind,
    bucketId: bucketId.nullable().describe('Bucket that it is stored in; null after that was removed.'),
    state: z
      .enum(RECORDING_STATES)
      .describe(
        'In this order: `requested`, `starting`, `active`, `finalizing`, `verifying`, and then `ready`, `failed` or `lost`. It never goes back.',
      ),
    reason: z
      .enum(RECORDING_REASONS)
      .nullable()
      .describe('Why it is in this state; null where the state says it.'),
    sizeBytes: z.int().nullable().describe('Size in bytes; null until it is known.'),
    durationSeconds: z.number().nullable().describe('Duration in seconds; null until it is known.'),
    requestedBy: z.string().describe('Identity of who asked for it.'),
    startedAt: moment.describe('When it began; null before.'),
    endedAt: moment.describe('When it ended; null before.'),
    createdAt: z.iso.datetime().describe('When it was asked for.'),
  })
  .openapi('Recording');
export type RecordingView = z.output<typeof recordingSchema>;
export const recordingPageSchema = pageSchema(recordingSchema).openapi('RecordingPage');

export const downloadSchema = z
  .object({
    url: z
      .string()
      .describe('Address of the file at its bucket; everybody who has it can download the file.'),
    expiresAt: z.iso.datetime().describe('Until when the address works: an hour.'),
  })
  .openapi('RecordingDownload');

export const recordingExample: RecordingView = {
  id: exampleId('recording'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  kind: 'composite',
  bucketId: exampleId('bucket'),
  state: 'ready',
  reason: null,
  sizeBytes: 48_210_944,
  durationSeconds: 1_804.2,
  requestedBy: exampleId('user'),
  startedAt: '2026-01-05T09:30:04.000Z',
  endedAt: '2026-01-05T10:00:08.200Z',
  createdAt: '2026-01-05T09:30:00.000Z',
};
