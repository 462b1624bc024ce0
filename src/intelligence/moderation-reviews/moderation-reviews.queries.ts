import { and, desc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { changeVersioned, isBefore, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { chatMessages } from '../../messaging/chat/chat.tables.ts';
import { isShownTo } from '../../rooms/access/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { reviewErrors } from './moderation-reviews.errors.ts';
import type { ListReviews } from './moderation-reviews.schemas.ts';
import { type ModerationReview, moderationReviews } from './moderation-reviews.tables.ts';

/** Most messages of one author that may wait in a room at once, with those that they took back in the last hour. */
const MOST_HELD = 20;
const TAKEN_BACK_MS = 3_600_000;

export const insertReview = (q: Queries, row: ModerationReview): Statement =>
  q.insert(moderationReviews).values(row);

/** Fails the commit when too many messages of the author are hidden in the room, or were until they took them back. */
export function holdPlaceOfAuthor(
  q: Queries,
  { organizationId, roomId, identity, createdAt }: ModerationReview,
) {
  const since = new Date(createdAt.getTime() - TAKEN_BACK_MS).toISOString();
  return mustHold(
    q,
    sql`(select count(*) from ${moderationReviews} where ${moderationReviews.organizationId} = ${organizationId}
      and ${moderationReviews.roomId} = ${roomId} and ${moderationReviews.identity} = ${identity}
      and ${moderationReviews.action} = 'hide' and (${moderationReviews.decidedAt} is null
        or ${moderationReviews.state} = 'withdrawn' and ${moderationReviews.decidedAt} > ${since}::timestamptz)
    ) <= ${MOST_HELD}::int`,
    reviewErrors.tooManyWaiting,
  );
}

const isIn = (organizationId: string, roomId: string) =>
  and(eq(moderationReviews.organizationId, organizationId), eq(moderationReviews.roomId, roomId));

export const selectReviewOfSubject = (
  q: Queries,
  organizationId: string,
  roomId: string,
  subjectKey: string,
) =>
  q
    .select({ messageId: moderationReviews.messageId })
    .from(moderationReviews)
    .where(and(isIn(organizationId, roomId), eq(moderationReviews.subjectKey, subjectKey)));

export const selectReview = (q: Queries, organizationId: string, roomId: string, reviewId: string) =>
  q
    .select()
    .from(moderationReviews)
    .where(and(isIn(organizationId, roomId), eq(moderationReviews.id, reviewId)));

/** The review of a hidden message that waits, or that waited until its author took it back. */
export const selectHeldMessage = (
  q: Queries,
  organizationId: string,
  roomId: string,
  { identity, messageId }: { identity: string; messageId: string },
) =>
  q
    .select()
    .from(moderationReviews)
    .where(
      and(
        isIn(organizationId, roomId),
        eq(moderationReviews.messageId, messageId),
        eq(moderationReviews.identity, identity),
        eq(moderationReviews.action, 'hide'),
        inArray(moderationReviews.state, ['open', 'withdrawn']),
      ),
    );

/** The reviews of one room, or of all rooms that the viewer may see, the newest first; one more than `limit`. */
export const selectReviews = (
  q: Queries,
  organizationId: string,
  { roomId, viewer }: { roomId: string | undefined; viewer: string | null },
  { state, callId, limit, before }: ListReviews & { before: string | undefined },
) =>
  q
    .select({ review: moderationReviews })
    .from(moderationReviews)
    .innerJoin(rooms, eq(rooms.id, moderationReviews.roomId))
    .where(
      and(
        eq(moderationReviews.organizationId, organizationId),
        roomId === undefined ? undefined : eq(moderationReviews.roomId, roomId),
        isNull(rooms.deletedAt),
        isShownTo(viewer),
        state === undefined ? undefined : eq(moderationReviews.state, state),
        callId === undefined ? undefined : eq(moderationReviews.callId, callId),
        isBefore(moderationReviews.id, before),
      ),
    )
    .orderBy(desc(moderationReviews.id))
    .limit(limit + 1);

/** Messages of the room just before and after a moment, without deleted ones. */
export const selectContext = (
  q: Queries,
  organizationId: string,
  { roomId, createdAt, messageId }: ModerationReview,
  limit: number,
) => {
  const columns = {
    messageId: chatMessages.id,
    identity: chatMessages.identity,
    name: chatMessages.name,
    text: chatMessages.text,
    sentAt: chatMessages.sentAt,
  };
  const isShown = and(
    eq(chatMessages.organizationId, organizationId),
    eq(chatMessages.roomId, roomId),
    isNull(chatMessages.deletedAt),
    messageId === null ? undefined : sql`${chatMessages.id} <> ${messageId}`,
  );
  return [
    q
      .select(columns)
      .from(chatMessages)
      .where(and(isShown, or(lt(chatMessages.sentAt, createdAt), eq(chatMessages.sentAt, createdAt))))
      .orderBy(desc(chatMessages.sentAt), desc(chatMessages.id))
      .limit(limit),
    q
      .select(columns)
      .from(chatMessages)
      .where(and(isShown, gt(chatMessages.sentAt, createdAt)))
      .orderBy(chatMessages.sentAt, chatMessages.id)
      .limit(limit),
  ] as const;
};

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeReview = (q: Queries, row: ModerationReview, set: Partial<ModerationReview>): Statement =>
  changeVersioned(q, moderationReviews, row, set);
