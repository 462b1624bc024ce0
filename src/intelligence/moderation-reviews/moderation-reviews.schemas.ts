import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, linesSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { identitySchema, REVIEW_STATES, REVIEW_SUBJECTS } from '../../realtime/protocol/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { MODERATION_CATEGORIES, SEVERITIES } from '../moderation-policies/index.ts';
import { DECISIONS, MEASURES, REVIEW_ACTIONS, REVIEW_SOURCES } from './moderation-reviews.enums.ts';

const reviewId = idSchema('moderationReview').describe('Id of the review.');
export const reviewParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('Id of the room.'),
  reviewId,
});

export const listReviewsSchema = pageQuerySchema.extend({
  state: z.enum(REVIEW_STATES).optional().describe('Only reviews in this state.'),
  callId: idSchema('call').optional().describe('Only reviews of messages and captions in this call.'),
});
export type ListReviews = z.output<typeof listReviewsSchema>;

const note = linesSchema(500);
export const decideReviewSchema = z
  .strictObject({
    decision: z
      .enum(DECISIONS)
      .describe(
        '`approve`: it may be shown, and a hidden message is posted. `confirm`: it may not be shown, ' +
          'and a visible message is deleted.',
      ),
    measure: z
      .enum(MEASURES)
      .default('none')
      .describe(
        'A measure against the author, with `confirm` only: `mute` in the call, or `remove` from the ' +
          'room.',
      ),
    note: note.optional().describe('A note for other moderators, 1 to 500 characters.'),
  })
  .refine(({ decision, measure }) => decision === 'confirm' || measure === 'none', {
    path: ['measure'],
    message: 'must be none when the message is approved',
  });
export type DecideReview = z.output<typeof decideReviewSchema>;

const messageSchema = z
  .object({
    messageId: idSchema('message').describe('Id of the message.'),
    identity: identitySchema,
    name: z.string().describe('Name of its sender.'),
    text: z.string().describe('The text.'),
    sentAt: z.iso.datetime().describe('When it was sent.'),
  })
  .openapi('ModerationContextMessage');

export const reviewSchema = z
  .object({
    id: reviewId,
    roomId: roomIdSchema.describe('The room.'),
    callId: idSchema('call').nullable().describe('The call in which it happened; null outside calls.'),
    subject: z.enum(REVIEW_SUBJECTS).describe('`chat`: a message; `caption`: spoken words.'),
    state: z
      .enum(REVIEW_STATES)
      .describe(
        '`open`: it waits for a decision; `approved`; `confirmed`; `withdrawn`: the words are gone, ' +
          'or 30 days have passed without a decision. Words are gone when the author deleted the ' +
          'message, the caption was corrected, or its transcript was deleted.',
      ),
    action: z
      .enum(REVIEW_ACTIONS)
      .describe('`flag`: it is shown while the review is open; `hide`: other people do not see it.'),
    source: z
      .enum(REVIEW_SOURCES)
      .describe(
        'What found it: `words` of a rule; a `model`; or `not_checked`: no model could check it, and ' +
          'the policy asks people to.',
      ),
    rule: z.string().describe('Name of the rule that found it, at that time; empty when no rule did.'),
    category: z
      .enum(MODERATION_CATEGORIES)
      .nullable()
      .describe('The category that the model found; null when no model found it.'),
    severity: z
      .enum(SEVERITIES)
      .nullable()
      .describe('The severity that the model estimates; null when no model found it.'),
    phrase: z
      .string()
      .describe('The words that the rule found, without case and accents; empty when no rule did.'),
    muted: z.boolean().describe('Whether the rule asked to mute the author.'),
    author: z
      .object({
        identity: z.string().describe('Identity of the author.'),
        name: z.string().describe('Name of the author at that time.'),
      })
      .openapi('ModerationAuthor')
      .describe('The person who wrote or said it.'),
    text: z.string().describe('The words as they were; empty once the review is withdrawn.'),
    messageId: idSchema('message')
      .nullable()
      .describe('Id of the message; null for a caption. A hidden message is not in the chat.'),
    fileIds: z.array(z.string()).describe('Files that the message shows.'),
    postedMessageId: idSchema('message')
      .nullable()
      .describe('Id of the message that was posted when it was approved; null for none.'),
    measure: z.enum(MEASURES).describe('The measure against the author, if any.'),
    note: z.string().nullable().describe('A note of the decision for other moderators; null for none.'),
    decidedBy: idSchema('user')
      .nullable()
      .describe('The user who decided; null for an API key, which the audit log names.'),
    createdAt: z.iso.datetime().describe('When it was found.'),
    decidedAt: z.iso.datetime().nullable().describe('When it ended; null while it is open.'),
  })
  .openapi('ModerationReview');
export type ReviewView = z.output<typeof reviewSchema>;
export const reviewPageSchema = pageSchema(reviewSchema).openapi('ModerationReviewPage');
export const reviewWithContextSchema = reviewSchema
  .extend({
    context: z
      .array(messageSchema)
      .describe('Messages of the chat just before and after it, the oldest first, at most 10.'),
  })
  .openapi('ModerationReviewWithContext');
export type ReviewWithContextView = z.output<typeof reviewWithContextSchema>;

export const reviewExample: ReviewView = {
  id: exampleId('moderationReview'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  subject: 'chat',
  state: 'open',
  action: 'hide',
  source: 'words',
  rule: 'Insults',
  category: null,
  severity: null,
  phrase: 'blockhead',
  muted: false,
  author: { identity: exampleId('user'), name: 'Ada' },
  text: 'You blockhead!',
  messageId: exampleId('message'),
  fileIds: [],
  postedMessageId: null,
  measure: 'none',
  note: null,
  decidedBy: null,
  createdAt: '2026-01-05T09:30:00.000Z',
  decidedAt: null,
};
export const reviewWithContextExample: ReviewWithContextView = {
  ...reviewExample,
  context: [
    {
      messageId: exampleId('message'),
      identity: exampleId('user'),
      name: 'Ben',
      text: 'I forgot the figures.',
      sentAt: '2026-01-05T09:29:50.000Z',
    },
  ],
};
export const decidedExample: ReviewView = {
  ...reviewExample,
  state: 'confirmed',
  decidedBy: exampleId('user'),
  decidedAt: '2026-01-05T09:31:00.000Z',
};
