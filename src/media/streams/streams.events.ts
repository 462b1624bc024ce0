import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { STREAM_REASONS, STREAM_STATES } from './streams.enums.ts';

export const streamChanged = defineEvent({
  type: 'stream.changed',
  description: 'The state of a live stream or of one of its targets changed, or was asked to change.',
  payload: z.object({
    streamId: idSchema('stream').describe('Id of the stream.'),
    roomId: idSchema('room').describe('Id of the room.'),
    callId: idSchema('call').describe('Id of the call.'),
    state: z.enum(STREAM_STATES).describe('Its state.'),
    reason: z
      .enum(STREAM_REASONS)
      .nullable()
      .describe('Why it is in this state; null when the state explains itself.'),
  }),
  example: {
    streamId: exampleId('stream'),
    roomId: exampleId('room'),
    callId: exampleId('call'),
    state: 'active',
    reason: null,
  },
  key: ({ streamId }) => streamId,
});

const payload = z.object({ streamId: idSchema('stream').describe('Id of the stream.') });
const example = { streamId: exampleId('stream') };

/** Brings a report of the cluster, which names no organization, to the organization of the stream. */
export const streamFollowed = defineEvent({
  type: 'stream.followed',
  description: 'A cluster reported on a stream, whose state has to be checked.',
  payload,
  example,
  key: ({ streamId }) => streamId,
  internal: true,
});

/** An event of its own, because a delayed one holds back those after it with the same key. */
export const streamBegun = defineEvent({
  type: 'stream.begun',
  description: 'A cluster was asked to begin a stream some seconds ago, and should have it now.',
  payload,
  example,
  key: ({ streamId }) => streamId,
  internal: true,
});

export const streamEvents = [streamChanged, streamFollowed, streamBegun];
