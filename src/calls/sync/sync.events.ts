import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { callIdSchema } from './sync.rules.ts';

/** Coalesced: one reduction reads all events that are stored when it starts. */
export const callReported = defineEvent({
  type: 'call.reported',
  description: 'A media cluster sent an event about a call.',
  payload: z.object({ callId: callIdSchema }),
  example: { callId: exampleId('call') },
  key: ({ callId }) => callId,
  internal: true,
  coalesced: true,
});

/** Coalesced: its subscriber asks the cluster what is true. */
export const recordingReported = defineEvent({
  type: 'call.recording_reported',
  description: 'A media cluster sent an event about a recording of a call.',
  payload: z.object({ callId: callIdSchema }),
  example: { callId: exampleId('call') },
  key: ({ callId }) => callId,
  internal: true,
  coalesced: true,
});

/** As `recordingReported`, for live streams: an event that is coalesced has one subscriber. */
export const streamReported = defineEvent({
  type: 'call.stream_reported',
  description: 'A media cluster sent an event about a recording or a live stream of a call.',
  payload: z.object({ callId: callIdSchema }),
  example: { callId: exampleId('call') },
  key: ({ callId }) => callId,
  internal: true,
  coalesced: true,
});

/** Coalesced: its subscriber asks the cluster what is true. */
export const ingressReported = defineEvent({
  type: 'call.ingress_reported',
  description: 'A media cluster sent an event about an ingress into a call.',
  payload: z.object({ callId: callIdSchema }),
  example: { callId: exampleId('call') },
  key: ({ callId }) => callId,
  internal: true,
  coalesced: true,
});

export const syncEvents = [callReported, recordingReported, streamReported, ingressReported];
