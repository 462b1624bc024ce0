import { sql } from 'drizzle-orm';
import { boolean, index, jsonb, pgTable, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, id, updatedAt, version } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import type { ModelCheck } from './model-check.schemas.ts';
import type { ModerationRule } from './moderation-policies.schemas.ts';

export const moderationPolicies = pgTable(
  'moderation_policies',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** Null for the policy of the organization. */
    roomId: id('room_id').references(() => rooms.id, { onDelete: 'cascade' }),
    enabled: boolean('enabled').notNull(),
    exemptModerators: boolean('exempt_moderators').notNull(),
    /** Only for the policy of the organization. */
    allowRoomPolicies: boolean('allow_room_policies').notNull(),
    rules: jsonb('rules').$type<readonly ModerationRule[]>().notNull(),
    modelCheck: jsonb('model_check').$type<ModelCheck>(),
    /** The person who set it last, in whose name models are asked. */
    authorId: id('author_id').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('moderation_policies_organization_key')
      .on(t.organizationId)
      .where(sql`${t.roomId} is null`),
    index('moderation_policies_organization_id_idx').on(t.organizationId, t.id),
    uniqueIndex('moderation_policies_room_key').on(t.roomId),
    index('moderation_policies_author_id_idx').on(t.authorId),
  ],
);

export type ModerationPolicy = typeof moderationPolicies.$inferSelect;
