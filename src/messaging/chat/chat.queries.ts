import { and, desc, eq, or, type SQL, sql } from 'drizzle-orm';
import { MAX_EMOJI_PER_MESSAGE, MAX_EMOJI_PER_PERSON } from '../../realtime/protocol/index.ts';
import { hasBeenInRoom } from '../../calls/calls/index.ts';
import type { Actor } from '../../kernel/core/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { filesOf } from './chat-files.queries.ts';
import type { Queries } from '../../kernel/db/index.ts';
import type { ChatChanges, MessagePosition } from './chat.rules.ts';
import { chatMessages, chatReactions } from './chat.tables.ts';

interface ChatRoomKey {
  organizationId: string;
  roomId: string;
}

const recordset = (rows: readonly object[], columns: string): SQL =>
  sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e(${sql.raw(columns)})`;

/** Stores each message once, if the room exists. */
export function insertMessages(
  q: Queries,
  { organizationId, roomId }: ChatRoomKey,
  sent: ChatChanges['sent'],
) {
  const columns =
    '"messageId" text, identity text, name text, text text, "threadId" text, "replyTo" text, files jsonb, at timestamptz';
  return q.execute(sql`
    insert into ${chatMessages} (id, organization_id, room_id, identity, user_id, name, text, thread_id, reply_to_id, file_ids, sent_at, changed_at)
    select e."messageId", r.organization_id, r.id, e.identity, u.id, e.name, e.text, e."threadId", e."replyTo",
      jsonb_path_query_array(coalesce(e.files, '[]'), '$[*].fileId'), e.at, e.at
    from ${recordset(sent, columns)}
    join rooms r on r.id = ${roomId} and r.organization_id = ${organizationId}
    left join users u on u.id = e.identity
    on conflict (id) do nothing`);
}

export function editMessages(
  q: Queries,
  { organizationId, roomId }: ChatRoomKey,
  edited: ChatChanges['edited'],
) {
  return q.execute(sql`
    update ${chatMessages} as m set text = e.text, edited_at = e.at, changed_at = e.at, version = m.version + 1
    from ${recordset(edited, '"messageId" text, text text, at timestamptz')}
    where m.id = e."messageId" and m.room_id = ${roomId} and m.organization_id = ${organizationId}
      and m.deleted_at is null and m.changed_at < e.at`);
}

/** Removes text, files and reactions of messages; the rows remain. */
export function deleteMessages(
  q: Queries,
  { organizationId, roomId }: ChatRoomKey,
  deleted: ChatChanges['deleted'],
) {
  return q.execute(sql`
    with removed as (
      update ${chatMessages} as m set text = '', file_ids = '[]', deleted_at = e.at, changed_at = e.at, version = m.version + 1
      from ${recordset(deleted, '"messageId" text, at timestamptz')}
      where m.id = e."messageId" and m.room_id = ${roomId} and m.organization_id = ${organizationId}
        and m.deleted_at is null
      returning m.id)
    delete from ${chatReactions} where message_id in (select id from removed)`);
}

/**
 * Whether a reaction has a row, or there is place for another one: for its person and, with a new emoji, for its message. The
 * live room refuses what is beyond; this bounds reactions to messages whose earlier ones it no longer remembers.
 */
const hasPlace = sql`(
  exists (select from chat_reactions o where o.message_id = m.id and o.identity = e.identity and o.emoji = e.emoji)
  or (select count(*) from chat_reactions o where o.message_id = m.id and o.identity = e.identity) < ${MAX_EMOJI_PER_PERSON}
    and (exists (select from chat_reactions o where o.message_id = m.id and o.emoji = e.emoji)
      or (select count(distinct o.emoji) from chat_reactions o where o.message_id = m.id) < ${MAX_EMOJI_PER_MESSAGE}))`;

/** Stores reactions; those beyond the bounds of a message are left out. */
export function upsertReactions(
  q: Queries,
  { organizationId, roomId }: ChatRoomKey,
  reactions: ChatChanges['reactions'],
) {
  const columns = '"messageId" text, identity text, emoji text, "on" boolean, at timestamptz';
  return q.execute(sql`
    insert into ${chatReactions} as r (organization_id, message_id, identity, emoji, active, changed_at)
    select m.organization_id, m.id, e.identity, e.emoji, e."on", e.at
    from ${recordset(reactions, columns)}
    join chat_messages m on m.id = e."messageId" and m.room_id = ${roomId}
      and m.organization_id = ${organizationId} and m.deleted_at is null
    where ${hasPlace}
    on conflict (message_id, identity, emoji) do update set active = excluded.active, changed_at = excluded.changed_at
    where r.changed_at < excluded.changed_at`);
}

/** The reactions of a message by emoji, the earliest first. */
const reactionsByEmoji = sql<{ emoji: string; identities: string[] }[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('emoji', g.emoji, 'identities', g.identities) order by g.since), '[]'::jsonb)
  from (
    select r.emoji, jsonb_agg(r.identity order by r.changed_at) as identities, min(r.changed_at) as since
    from chat_reactions r where r.message_id = ${chatMessages.id} and r.active
    group by r.emoji order by since limit 50) g)`;

/** The newest first, before `before`; one row more than `limit`, which shows whether there is a next page. */
export function selectMessages(
  q: Queries,
  { organizationId, roomId }: ChatRoomKey,
  { threadId, limit }: { threadId?: string | undefined; limit: number },
  before: MessagePosition | undefined,
  { now, reader }: { now: Date; reader: Actor },
) {
  const thread =
    threadId === undefined
      ? undefined
      : or(eq(chatMessages.threadId, threadId), eq(chatMessages.id, threadId));
  const at = before && new Date(before.sentAtMs).toISOString();
  return q
    .select({
      messageId: chatMessages.id,
      identity: chatMessages.identity,
      name: chatMessages.name,
      text: chatMessages.text,
      threadId: chatMessages.threadId,
      replyTo: chatMessages.replyToId,
      sentAt: chatMessages.sentAt,
      editedAt: chatMessages.editedAt,
      deletedAt: chatMessages.deletedAt,
      reactions: reactionsByEmoji,
      files: filesOf(now, reader),
    })
    .from(chatMessages)
    .where(
      and(
        eq(chatMessages.organizationId, organizationId),
        eq(chatMessages.roomId, roomId),
        thread,
        before &&
          sql`(${chatMessages.sentAt}, ${chatMessages.id}) < (${at}::timestamptz, ${before.messageId})`,
      ),
    )
    .orderBy(desc(chatMessages.sentAt), desc(chatMessages.id))
    .limit(limit + 1);
}

export function selectMessage(q: Queries, { organizationId, roomId }: ChatRoomKey, messageId: string) {
  return q
    .select({
      identity: chatMessages.identity,
      threadId: chatMessages.threadId,
      deletedAt: chatMessages.deletedAt,
    })
    .from(chatMessages)
    .where(
      and(
        eq(chatMessages.id, messageId),
        eq(chatMessages.roomId, roomId),
        eq(chatMessages.organizationId, organizationId),
      ),
    );
}

/** The facts that decide whether a person may read the chat, besides their access to the room. */
export function selectChatReader(
  q: Queries,
  { organizationId, roomId }: ChatRoomKey,
  identity: string,
  linkId: string | null,
) {
  return q
    .select({ hasAttended: hasBeenInRoom(roomId, identity), linkHasChat: links.enableChat })
    .from(rooms)
    .leftJoin(links, and(eq(links.id, linkId ?? ''), eq(links.roomId, rooms.id)))
    .where(and(eq(rooms.id, roomId), eq(rooms.organizationId, organizationId)));
}
