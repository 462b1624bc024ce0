import { boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { users } from '../../identity/users/users.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { id, utcTimestamp, version } from '../../kernel/db/index.ts';

/** What was said in a room's chat, as the live room ordered it. */
export const chatMessages = pgTable(
  'chat_messages',
  {
    id: id('id').primaryKey(),
    organizationId: id('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    /** Of who wrote it, where that is a person of the organization. */
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** As they were called then. */
    name: text('name').notNull(),
    /** Empty once it is deleted. */
    text: text('text').notNull(),
    /** The first message of the thread; it may be gone. */
    threadId: id('thread_id'),
    replyToId: id('reply_to_id'),
    /** Later than every message before it in the room: the order of the room. */
    sentAt: utcTimestamp('sent_at').notNull(),
    editedAt: utcTimestamp('edited_at'),
    deletedAt: utcTimestamp('deleted_at'),
    /** The last change that was applied; earlier ones come too late. */
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
    organizationId: id('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    messageId: id('message_id')
      .notNull()
      .references(() => chatMessages.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    emoji: text('emoji').notNull(),
    /** False once it was taken back. */
    active: boolean('active').notNull(),
    changedAt: utcTimestamp('changed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.messageId, t.identity, t.emoji] }),
    index('chat_reactions_organization_id_idx').on(t.organizationId),
  ],
);
