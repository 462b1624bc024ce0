import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors, retryStale } from '../../kernel/core/index.ts';
import type { HeldMessage } from '../../realtime/text-rules/index.ts';
import { holdPlaceOfAuthor, insertReview, selectReviewOfSubject } from './moderation-reviews.queries.ts';
import { foundByWords, newReview, openedEvents } from './review-records.ts';

const MAX_ATTEMPTS = 3;

async function holdOnce(ctx: Ctx, roomId: string, message: HeldMessage): Promise<string> {
  const { organizationId } = ctx;
  const { messageId, frameId, identity, kind, name, text, threadId, replyTo, fileIds } = message;
  const subjectKey = `${identity} ${frameId}`;
  const [[earlier]] = await ctx.read((q) => [selectReviewOfSubject(q, organizationId, roomId, subjectKey)]);
  if (earlier) return earlier.messageId!;
  const { callId, rule, phrase, muteParticipantId } = message;
  const userId = kind === 'user' ? identity : null;
  const found = { roomId, callId, subject: 'chat', subjectKey, messageId, identity, userId, name } as const;
  const content = { text, threadId, replyToId: replyTo, fileIds, action: 'hide' } as const;
  const row = newReview(
    ctx,
    { ...found, ...content, ...foundByWords(rule, phrase) },
    muteParticipantId !== null,
  );
  return ctx.commit({
    write: (q) => [insertReview(q, row), holdPlaceOfAuthor(q, row)],
    audit: {
      action: 'moderation.held',
      target: { type: 'room', id: roomId },
      after: { reviewId: row.id, identity, rule },
    },
    events: openedEvents(ctx, row, muteParticipantId),
    conflicts: { moderation_reviews_subject_key: requestErrors.stale },
    result: messageId,
  });
}

/**
 * Holds back a message of a live room that a rule hides, until it is reviewed.
 * @returns its id, the same when its frame was sent before
 * @throws AppError `moderation_reviews.too_many_waiting`
 */
export const holdMessage = (ctx: Ctx, roomId: string, message: HeldMessage): Promise<string> =>
  retryStale(MAX_ATTEMPTS, () => holdOnce(ctx, roomId, message));
