import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { REVIEW_STATES, REVIEW_SUBJECTS } from '../../realtime/protocol/index.ts';
import { MEASURES, REVIEW_ACTIONS } from './moderation-reviews.enums.ts';

const fields = {
  reviewId: idSchema('moderationReview').describe('Id of the review.'),
  roomId: idSchema('room').describe('Id of the room.'),
  callId: idSchema('call').nullable().describe('Id of the call; null outside calls.'),
  subject: z.enum(REVIEW_SUBJECTS).describe('`chat`: a message. `caption`: spoken words.'),
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
  description: 'A rule of moderation has found something in a room, and it waits for a review.',
  payload: z.object({
    ...fields,
    action: z
      .enum(REVIEW_ACTIONS)
      .describe('`flag`: it is shown until it is decided; `hide`: other people do not see it.'),
  }),
  example: { ...ids, action: 'hide' },
  key,
});

export const moderationDecided = defineEvent({
  type: 'moderation.decided',
  description: 'A review of moderation has ended: it was decided, or its subject is gone.',
  payload: z.object({
    ...fields,
    state: z
      .enum(REVIEW_STATES)
      .describe(
        'How it ended. `approved`: the subject is shown. `confirmed`: it is not shown. `withdrawn`: ' +
          'it is gone.',
      ),
    measure: z.enum(MEASURES).describe('The measure against the author, if any.'),
  }),
  example: { ...ids, state: 'confirmed', measure: 'none' },
  key,
});

export const reviewEvents = [moderationFlagged, moderationDecided];
