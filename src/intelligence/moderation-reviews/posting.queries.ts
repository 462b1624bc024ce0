import { sql } from 'drizzle-orm';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { reviewErrors } from './moderation-reviews.errors.ts';
import type { ModerationReview } from './moderation-reviews.tables.ts';

/** Whether the author is still a member; locked until the commit. */
const isMember = ({ organizationId, userId }: ModerationReview) =>
  sql`exists (select from (select from ${members} where ${members.organizationId} = ${organizationId}
    and ${members.userId} = ${userId} and ${members.status} = 'active' for share) held)`;

/** Whether the link of a guest allows the chat, and its call is not over. Other people come without a link. */
const hasChatByLink = ({ organizationId, roomId, identity }: ModerationReview) =>
  sql`not exists (select from (select ${callParticipants.linkId} as id from ${callParticipants}
      join ${calls} on ${calls.id} = ${callParticipants.callId}
      where ${callParticipants.identity} = ${identity} and ${calls.roomId} = ${roomId} and ${calls.organizationId} = ${organizationId}
      order by ${calls.id} desc limit 1) came
    join ${links} on ${links.id} = came.id
    where (not ${links.enableChat} or ${links.deletedAt} is not null or ${links.callId} is not null
        and not exists (select from ${calls} where ${calls.id} = ${links.callId} and ${isOpenCall})))`;

/**
 * Fails the commit of a message that is posted for its author, unless they could send it now: the chat is on, they
 * were not removed, and they are a member or came through a link that allows it.
 */
export function holdPostable(q: Queries, row: ModerationReview): Statement[] {
  const { roomId, identity, userId } = row;
  return [
    mustHold(
      q,
      sql`exists (select from (select from ${rooms} where ${rooms.id} = ${roomId}
        and (${rooms.features} ->> 'chat')::boolean for share) held)`,
      reviewErrors.chatOff,
    ),
    mustHold(
      q,
      sql`not exists (select from ${roomPeople} where ${roomPeople.roomId} = ${roomId} and ${roomPeople.identity} = ${identity}
        and ${roomPeople.removedAt} is not null) and ${userId === null ? hasChatByLink(row) : isMember(row)}`,
      reviewErrors.authorGone,
    ),
  ];
}
