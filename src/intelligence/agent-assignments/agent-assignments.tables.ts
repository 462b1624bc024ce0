import { foreignKey, index, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { agents } from '../agents/agents.tables.ts';

/** Agents that join calls of a room by themselves. */
export const agentAssignments = pgTable(
  'agent_assignments',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    /** It joins when somebody has come through this link; null for each call of the room. */
    linkId: id('link_id').references(() => links.id, { onDelete: 'cascade' }),
    agentId: id('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    /** The person who assigned it, in whose name it is invited. */
    userId: id('user_id').notNull(),
    /** The last call that it tried to join, when, and the error that kept it out; null for none. */
    lastCallId: id('last_call_id').references(() => calls.id, { onDelete: 'set null' }),
    lastAt: utcTimestamp('last_at'),
    lastRefusal: text('last_refusal'),
    createdAt: createdAt(),
    version: version(),
  },
  (t) => [
    unique('agent_assignments_agent_key').on(t.roomId, t.agentId, t.linkId).nullsNotDistinct(),
    index('agent_assignments_organization_id_idx').on(t.organizationId),
    index('agent_assignments_agent_id_idx').on(t.agentId),
    index('agent_assignments_link_id_idx').on(t.linkId),
    index('agent_assignments_last_call_id_idx').on(t.lastCallId),
    index('agent_assignments_user_id_idx').on(t.organizationId, t.userId),
    foreignKey({
      name: 'agent_assignments_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
  ],
);

export type AgentAssignment = typeof agentAssignments.$inferSelect;
