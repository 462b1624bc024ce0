import { and, eq, inArray, lte, ne, or, sql } from 'drizzle-orm';
import { inTurn, type Queries } from '../../kernel/db/index.ts';
import { transcriptions } from '../transcripts/transcripts.tables.ts';
import { moderationReviews } from './moderation-reviews.tables.ts';

const { state, action, messageId, postedMessageId, subject, subjectKey, text } = moderationReviews;

/**
 * Whether a review still has words that must not outlive their subject. For confirmed reviews, the words are the
 * reason, and stay.
 */
const hasWords = and(inArray(state, ['open', 'approved']), ne(text, ''));

/**
 * The reviews of shown messages that are deleted. A message that moderation itself has hidden waits for its decision.
 */
export const selectReviewsOfGone = (
  q: Queries,
  organizationId: string,
  roomId: string,
  messageIds: readonly string[],
) =>
  q
    .select()
    .from(moderationReviews)
    .where(
      and(
        eq(moderationReviews.organizationId, organizationId),
        eq(moderationReviews.roomId, roomId),
        hasWords,
        or(
          and(eq(action, 'flag'), inArray(messageId, [...messageIds])),
          inArray(postedMessageId, [...messageIds]),
        ),
      ),
    );

/**
 * Captions whose segment is gone, was corrected, or no longer has a speaker: of one transcript or, in no order, of all
 * organizations.
 */
export const selectCaptionsGone = (
  q: Queries,
  { organizationId, transcriptionId }: { organizationId?: string; transcriptionId?: string },
  limit: number,
) =>
  q
    .select()
    .from(moderationReviews)
    .where(
      and(
        organizationId === undefined ? undefined : eq(moderationReviews.organizationId, organizationId),
        transcriptionId === undefined
          ? undefined
          : sql`${moderationReviews.callId} = (select t.call_id from ${transcriptions} t where t.id = ${transcriptionId})`,
        eq(subject, 'caption'),
        hasWords,
        sql`not exists (select from transcript_segments s where s.transcription_id = split_part(${subjectKey}, '#', 1)
          and s.position = split_part(split_part(${subjectKey}, '#', 2), '@', 1)::int
          and s.version = split_part(${subjectKey}, '@', 2)::int and s.speaker is not null)`,
      ),
    )
    .limit(limit);

/** Reviews of all organizations that have been open since before a moment. */
export const selectOpenSince = (q: Queries, before: Date, limit: number) =>
  q
    .select()
    .from(moderationReviews)
    .where(and(eq(state, 'open'), lte(moderationReviews.createdAt, before)))
    .orderBy(inTurn(moderationReviews.id, before))
    .limit(limit);

export const deleteReviewsOfUser = (q: Queries, userId: string) =>
  q
    .delete(moderationReviews)
    .where(or(eq(moderationReviews.userId, userId), eq(moderationReviews.identity, userId)));

/** Deletes reviews of all organizations that ended before a moment. */
export const deleteOldReviews = (q: Queries, before: Date, limit: number) =>
  q
    .delete(moderationReviews)
    .where(
      sql`${moderationReviews.id} in (select r.id from ${moderationReviews} r
        where r.decided_at < ${before.toISOString()}::timestamptz order by r.decided_at limit ${limit})`,
    )
    .returning({ id: moderationReviews.id });
