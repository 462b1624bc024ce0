import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';

const call = z.strictObject({ callId: idSchema('call'), roomId: idSchema('room') });
const participant = call.extend({
  participantId: idSchema('participant'),
  identity: z.string(),
  connectionSid: z.string(),
});
const track = participant.extend({ trackSid: z.string() });

/** Events that nobody here acts on. `participant.joined`, with the payload of a participant, is the door's. */
export const callJobs: readonly Job[] = [
  defineJob({ type: 'call.started', payload: call }),
  defineJob({ type: 'call.ended', payload: call }),
  defineJob({ type: 'participant.left', payload: participant }),
  defineJob({ type: 'track.published', payload: track }),
  defineJob({ type: 'track.unpublished', payload: track }),
];
