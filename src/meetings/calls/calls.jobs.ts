import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';

const participant = z.strictObject({
  callId: idSchema('call'),
  roomId: idSchema('room'),
  participantId: idSchema('participant'),
  identity: z.string(),
  connectionSid: z.string(),
});
const track = participant.extend({ trackSid: z.string() });

/**
 * Events that nobody acts on. Others do on the rest: `admission` on `participant.joined`, with the payload of a
 * participant, `closing` on `call.started` and `call.ended`.
 */
export const callJobs: readonly Job[] = [
  defineJob({ type: 'participant.left', payload: participant }),
  defineJob({ type: 'track.published', payload: track }),
  defineJob({ type: 'track.unpublished', payload: track }),
];
