import { and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { files } from '../../media/files/files.tables.ts';
import { chatMessages } from '../../messaging/chat/chat.tables.ts';
import { selectMemberRole } from '../../rooms/access/index.ts';
import { currentPersonColumns, type RoomRole } from '../../rooms/rooms/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { moderationReviews } from '../moderation-reviews/moderation-reviews.tables.ts';
import { transcriptions, transcriptSegments } from '../transcripts/transcripts.tables.ts';
import type { AuthorSeat } from './subjects.rules.ts';

const seatOfAuthor = sql<AuthorSeat | null>`(
  select jsonb_build_object('callId', c.id, 'participantId', p.id)
  from calls c join call_participants p on p.call_id = c.id and p.identity = chat_messages.identity
  where c.room_id = chat_messages.room_id and c.ended_at is null order by c.id desc limit 1)`;

/** The role in the call that was open when the message got its present words. */
const roleInCall = sql<RoomRole | null>`(
  select p.role from calls c join call_participants p on p.call_id = c.id and p.identity = chat_messages.identity
  where c.room_id = chat_messages.room_id and c.created_at <= chat_messages.changed_at
    and (c.ended_at is null or c.ended_at >= chat_messages.changed_at) order by c.id desc limit 1)`;

const fileNames = sql<string[]>`(
  select coalesce(jsonb_agg(${files.name}), '[]'::jsonb) from ${files}
  where ${files.organizationId} = chat_messages.organization_id and chat_messages.file_ids ? ${files.id})`;

/**
 * The messages that are to be checked in their present state. Messages of the product are left out, except answers to
 * questions, which repeat what people wrote. Also left out are messages that a review has approved and that were not
 * edited since.
 */
export const selectMessagesToCheck = (
  q: Queries,
  organizationId: string,
  roomId: string,
  messageIds: readonly string[],
) =>
  q
    .select({
      message: chatMessages,
      seat: seatOfAuthor,
      fileNames,
      room: { createdBy: rooms.createdBy, defaultRoles: rooms.defaultRoles },
      person: currentPersonColumns(),
      memberRole: sql<string | null>`(${selectMemberRole(q, organizationId, chatMessages.userId)})`,
      roleInCall,
    })
    .from(chatMessages)
    .innerJoin(rooms, eq(rooms.id, chatMessages.roomId))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, chatMessages.roomId), eq(roomPeople.identity, chatMessages.identity)),
    )
    .leftJoin(moderationReviews, eq(moderationReviews.postedMessageId, chatMessages.id))
    .where(
      and(
        eq(chatMessages.organizationId, organizationId),
        eq(chatMessages.roomId, roomId),
        inArray(chatMessages.id, [...messageIds]),
        isNull(chatMessages.deletedAt),
        sql`(${chatMessages.identity} not like 'agt\\_~%' or ${chatMessages.identity} = 'agt_~answers')`,
        or(isNull(moderationReviews.id), sql`${chatMessages.editedAt} is not null`),
      ),
    );

/** Captions of identified speakers in a call, as its transcript has them now. */
export const selectCaptionsToCheck = (
  q: Queries,
  organizationId: string,
  transcriptionId: string,
  positions: readonly number[],
) =>
  q
    .select({
      segment: transcriptSegments,
      roomId: calls.roomId,
      callId: calls.id,
      endedAt: calls.endedAt,
      participant: callParticipants,
    })
    .from(transcriptSegments)
    .innerJoin(transcriptions, eq(transcriptions.id, transcriptSegments.transcriptionId))
    .innerJoin(calls, eq(calls.id, transcriptions.callId))
    .innerJoin(
      callParticipants,
      and(eq(callParticipants.callId, calls.id), eq(callParticipants.identity, transcriptSegments.speaker)),
    )
    .where(
      and(
        eq(transcriptSegments.organizationId, organizationId),
        eq(transcriptSegments.transcriptionId, transcriptionId),
        inArray(transcriptSegments.position, [...positions]),
        eq(transcriptSegments.isGap, false),
        isNotNull(transcriptSegments.speaker),
      ),
    );

/** The given subject keys that have been reviewed or wait for it. */
export const selectSubjectKeys = (
  q: Queries,
  organizationId: string,
  roomId: string,
  subjectKeys: readonly string[],
) =>
  q
    .select({ subjectKey: moderationReviews.subjectKey })
    .from(moderationReviews)
    .where(
      and(
        eq(moderationReviews.organizationId, organizationId),
        eq(moderationReviews.roomId, roomId),
        inArray(moderationReviews.subjectKey, [...subjectKeys]),
      ),
    );

/** The number of open reviews of a room that neither hide nor mute, by author. */
export const countOpenFlags = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select({ identity: moderationReviews.identity, open: sql<number>`count(*)::int` })
    .from(moderationReviews)
    .where(
      and(
        eq(moderationReviews.organizationId, organizationId),
        eq(moderationReviews.roomId, roomId),
        isNull(moderationReviews.decidedAt),
        eq(moderationReviews.action, 'flag'),
        eq(moderationReviews.muted, false),
      ),
    )
    .groupBy(moderationReviews.identity);
