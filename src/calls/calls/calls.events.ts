import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';

const participantPayload = z.strictObject({
  callId: idSchema('call'),
  roomId: idSchema('room'),
  participantId: idSchema('participant'),
  identity: z.string(),
  connectionSid: z.string(),
});
const trackPayload = participantPayload.extend({ trackSid: z.string() });

/**
 * Events that nobody acts on. Others do on the rest: `admission` on `participant.joined`, with the payload of a
 * participant, `closing` on `call.started` and `call.ended`.
 */
export const callEvents: readonly Subscription[] = [
  defineSubscription({ type: 'participant.left', payload: participantPayload }),
  defineSubscription({ type: 'track.published', payload: trackPayload }),
  defineSubscription({ type: 'track.unpublished', payload: trackPayload }),
];
