import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { STREAM_REASONS, STREAM_STATES, STREAM_STOP_REASONS } from './streams.enums.ts';
import { TARGET_REASONS, TARGET_STATES } from '../stream-targets/index.ts';
import { layoutSchema, segmentSecondsSchema } from './new-stream.schemas.ts';

const streamId = idSchema('stream');
const targetId = idSchema('streamTarget');
export const streamParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room.'),
  streamId: streamId.describe('The stream.'),
});
export const targetParamsSchema = z.strictObject({
  ...streamParamsSchema.shape,
  targetId: targetId.describe('The target.'),
});

const moment = z.iso.datetime().nullable();
const targetSchema = z
  .object({
    id: targetId.describe('Id of the target.'),
    url: z.string().describe('Where it is sent, without the key.'),
    state: z
      .enum(TARGET_STATES)
      .describe(
        '`requested`: sending is about to begin. `active`: the stream is sent, or tried again. `ended`, `failed`: it is ' +
          'over, even if others continue.',
      ),
    reason: z
      .enum(TARGET_REASONS)
      .nullable()
      .describe(
        '`removed`: somebody removed it. `address_refused`: its name no longer leads to a public address. `refused`: the ' +
          'media server did not accept it. `not_sent`: the stream ended before sending began. Null when the state explains itself.',
      ),
    startedAt: moment.describe('When sending began; null before.'),
    endedAt: moment.describe('When it was over; null before.'),
    createdAt: z.iso.datetime().describe('When it was added.'),
  })
  .openapi('CallStreamTarget');

const segmentsSchema = z
  .object({
    bucketId: idSchema('bucket').nullable().describe('Their bucket; null after that was removed.'),
    playlistKey: z.string().describe('Key of the playlist of all segments in the bucket.'),
    livePlaylistKey: z
      .string()
      .describe('Key of the playlist of the last segments, for people who watch live.'),
    segmentSeconds: segmentSecondsSchema.describe('Length of a segment in seconds.'),
    segmentCount: z.int().describe('Segments that were written, as last reported.'),
    sizeBytes: z.int().describe('Their size in bytes, as last reported.'),
  })
  .openapi('HlsSegments');

export const streamSchema = z
  .object({
    id: streamId.describe('Id of the stream.'),
    roomId: roomIdSchema.describe('Room that is streamed.'),
    callId: idSchema('call').describe('Call that is streamed.'),
    layout: layoutSchema,
    state: z
      .enum(STREAM_STATES)
      .describe(
        'First `requested`, `starting`, `active`, `finalizing`, then `ended`, `failed` or `lost`; it never moves back.',
      ),
    reason: z
      .enum(STREAM_REASONS)
      .nullable()
      .describe('Why it is in this state; null when the state explains itself.'),
    stopReason: z
      .enum(STREAM_STOP_REASONS)
      .nullable()
      .describe(
        'Why it has to stop. Somebody asked for it (`requested`). The call, the room or the organization ended. ' +
          'Recordings and streams were switched off in the room. Live streams are no longer included in the plan. Null ' +
          'when it does not have to stop.',
      ),
    targets: z
      .array(targetSchema)
      .describe('Where it is and was sent, in the order in which they were added.'),
    segments: segmentsSchema
      .nullable()
      .describe('The HLS segments that it writes; null when it writes none.'),
    requestedBy: z.string().describe('Identity of the person who requested it.'),
    startedAt: moment.describe('When it began; null before.'),
    endedAt: moment.describe('When it ended; null before.'),
    createdAt: z.iso.datetime().describe('When it was requested.'),
  })
  .openapi('CallStream');
export type StreamView = z.output<typeof streamSchema>;
export const streamPageSchema = pageSchema(streamSchema).openapi('CallStreamPage');

export const streamExample: StreamView = {
  id: exampleId('stream'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  layout: 'grid',
  state: 'active',
  reason: null,
  stopReason: null,
  targets: [
    {
      id: exampleId('streamTarget'),
      url: 'rtmps://live.video.example/app',
      state: 'active',
      reason: null,
      startedAt: '2026-01-05T09:30:04.000Z',
      endedAt: null,
      createdAt: '2026-01-05T09:30:00.000Z',
    },
  ],
  segments: null,
  requestedBy: exampleId('user'),
  startedAt: '2026-01-05T09:30:04.000Z',
  endedAt: null,
  createdAt: '2026-01-05T09:30:00.000Z',
};
