import { boolean, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { id, utcTimestamp, version } from '../../kernel/db/index.ts';

/** The messages of a room's chat, in the order of the live room. */
export const chatMessages = pgTable(
  'chat_messages',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    /** The sender, if they are a user; null for guests and services. */
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The sender's name at that time. */
    name: text('name').notNull(),
    /** Empty when the message is deleted. */
    text: text('text').notNull(),
    /** The first message of the thread, which may no longer exist. */
    threadId: id('thread_id'),
    replyToId: id('reply_to_id'),
    /** The files that it shows, in their order; some may no longer exist. */
    fileIds: jsonb('file_ids').$type<string[]>().notNull().default([]),
    /** Later than that of every earlier message of the room: the order of the chat. */
    sentAt: utcTimestamp('sent_at').notNull(),
    editedAt: utcTimestamp('edited_at'),
    deletedAt: utcTimestamp('deleted_at'),
    /** Time of the last applied event; earlier ones are ignored. */
    changedAt: utcTimestamp('changed_at').notNull(),
    version: version(),
  },
  (t) => [
    index('chat_messages_room_id_idx').on(t.roomId, t.sentAt, t.id),
    index('chat_messages_thread_id_idx').on(t.threadId, t.sentAt, t.id),
    index('chat_messages_organization_id_idx').on(t.organizationId),
    index('chat_messages_user_id_idx').on(t.userId),
  ],
);

export const chatReactions = pgTable(
  'chat_reactions',
  {
    organizationId: tenant(),
    messageId: id('message_id')
      .notNull()
      .references(() => chatMessages.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    emoji: text('emoji').notNull(),
    /** False when the reaction was removed. */
    active: boolean('active').notNull(),
    changedAt: utcTimestamp('changed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.messageId, t.identity, t.emoji] }),
    index('chat_reactions_organization_id_idx').on(t.organizationId),
  ],
);
