import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { REVIEW_STATES, REVIEW_SUBJECTS } from '../../realtime/protocol/index.ts';
import { MEASURES, REVIEW_ACTIONS } from './moderation-reviews.enums.ts';

const fields = {
  reviewId: idSchema('moderationReview').describe('Id of the review.'),
  roomId: idSchema('room').describe('Id of the room.'),
  callId: idSchema('call').nullable().describe('Id of the call; null outside of calls.'),
  subject: z.enum(REVIEW_SUBJECTS).describe('`chat`: a message; `caption`: what somebody said.'),
};
const ids = {
  reviewId: exampleId('moderationReview'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  subject: 'chat' as const,
};
const key = ({ roomId }: { roomId: string }) => roomId;

export const moderationFlagged = defineEvent({
  type: 'moderation.flagged',
  description: 'A rule of moderation has found something in a room, which waits for a review.',
  payload: z.object({
    ...fields,
    action: z
      .enum(REVIEW_ACTIONS)
      .describe('`flag`: it is shown meanwhile; `hide`: the others do not see it.'),
  }),
  example: { ...ids, action: 'hide' },
  key,
});

export const moderationDecided = defineEvent({
  type: 'moderation.decided',
  description: 'A review of moderation has ended: somebody decided, or its subject is gone.',
  payload: z.object({
    ...fields,
    state: z
      .enum(REVIEW_STATES)
      .describe(
        'How it ended: `approved`: it is shown; `confirmed`: it is not; `withdrawn`: its subject is gone.',
      ),
    measure: z.enum(MEASURES).describe('What was done to the author besides.'),
  }),
  example: { ...ids, state: 'confirmed', measure: 'none' },
  key,
});

export const reviewEvents = [moderationFlagged, moderationDecided];
