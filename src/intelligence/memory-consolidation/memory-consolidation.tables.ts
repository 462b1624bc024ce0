import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { members } from '../../identity/members/members.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, updatedAt, utcTimestamp, version } from '../../kernel/db/index.ts';
import { agents } from '../agents/agents.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';

/**
 * How the memories of a person, or of an organization with its rooms and agents, are kept in order. Without a row the
 * defaults apply.
 */
export const memoryConsolidationSettings = pgTable(
  'memory_consolidation_settings',
  {
    organizationId: tenant(),
    /** `organization`, also for its rooms and agents, or `person:usr_…`. */
    space: text('space').notNull(),
    userId: id('user_id'),
    mergeSame: boolean('merge_same').notNull(),
    mostMemories: integer('most_memories'),
    forgetUnusedDays: integer('forget_unused_days'),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.space] }),
    index('memory_consolidation_settings_user_id_idx').on(t.organizationId, t.userId),
    foreignKey({
      name: 'memory_consolidation_settings_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
    check(
      'memory_consolidation_settings_space_check',
      sql`${t.space} = coalesce('person:' || ${t.userId}, 'organization')`,
    ),
  ],
);

/** A space whose memories wait to be processed. */
export const memoryConsolidations = pgTable(
  'memory_consolidations',
  {
    organizationId: tenant(),
    space: text('space').notNull(),
    userId: id('user_id'),
    agentId: id('agent_id').references(() => agents.id, { onDelete: 'cascade' }),
    roomId: id('room_id').references(() => rooms.id, { onDelete: 'cascade' }),
    dueAt: utcTimestamp('due_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.space] }),
    index('memory_consolidations_user_id_idx').on(t.organizationId, t.userId),
    index('memory_consolidations_agent_id_idx').on(t.agentId),
    index('memory_consolidations_room_id_idx').on(t.roomId),
    index('memory_consolidations_due_at_idx').on(t.dueAt),
    foreignKey({
      name: 'memory_consolidations_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
    check(
      'memory_consolidations_space_check',
      sql`${t.space} = coalesce('person:' || ${t.userId}, 'agent:' || ${t.agentId}, 'room:' || ${t.roomId}, 'organization')`,
    ),
  ],
);

export type ConsolidationSettings = typeof memoryConsolidationSettings.$inferSelect;
export type DueSpace = typeof memoryConsolidations.$inferSelect;
