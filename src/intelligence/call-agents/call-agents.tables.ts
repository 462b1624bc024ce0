import { boolean, foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { agentConversations } from '../agent-conversations/agent-conversations.tables.ts';
import { agents } from '../agents/agents.tables.ts';
import { CALL_AGENT_REASONS, CALL_AGENT_STATES } from './call-agents.enums.ts';

/** Agents in calls. The id is the identity of the participant. */
export const callAgents = pgTable(
  'call_agents',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    cluster: text('cluster').notNull(),
    participantId: id('participant_id')
      .notNull()
      .references(() => callParticipants.id, { onDelete: 'cascade' }),
    agentId: id('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    conversationId: id('conversation_id')
      .notNull()
      .references(() => agentConversations.id, { onDelete: 'cascade' }),
    /** The person who invited it, and whose authority and budget it has. */
    userId: id('user_id').notNull(),
    name: text('name').notNull(),
    /** Whether its name says that it sees shared screens; it sees none otherwise. */
    seesScreens: boolean('sees_screens').notNull().default(false),
    state: enumColumn('state', CALL_AGENT_STATES).notNull(),
    reason: enumColumn('reason', CALL_AGENT_REASONS),
    /** The process that has it, until the lease ends. */
    worker: text('worker'),
    leaseUntil: utcTimestamp('lease_until'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('call_agents_organization_id_idx').on(t.organizationId, t.state),
    index('call_agents_room_id_idx').on(t.roomId, t.id),
    index('call_agents_call_id_idx').on(t.callId),
    index('call_agents_participant_id_idx').on(t.participantId),
    index('call_agents_agent_id_idx').on(t.agentId),
    index('call_agents_conversation_id_idx').on(t.conversationId),
    index('call_agents_user_id_idx').on(t.organizationId, t.userId),
    index('call_agents_state_idx').on(t.state, t.leaseUntil),
    foreignKey({
      name: 'call_agents_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
    enumCheck('call_agents_state_check', t.state, CALL_AGENT_STATES),
    enumCheck('call_agents_reason_check', t.reason, CALL_AGENT_REASONS),
  ],
);

/** Totals of what each process had recognized and spoken for an agent in a call. */
export const callAgentSpeech = pgTable(
  'call_agent_speech',
  {
    organizationId: tenant(),
    callAgentId: id('call_agent_id')
      .notNull()
      .references(() => callAgents.id, { onDelete: 'cascade' }),
    worker: text('worker').notNull(),
    recognizedMs: integer('recognized_ms').notNull(),
    spokenCharacters: integer('spoken_characters').notNull(),
    version: version(),
  },
  (t) => [
    primaryKey({ columns: [t.callAgentId, t.worker], name: 'call_agent_speech_pkey' }),
    index('call_agent_speech_organization_id_idx').on(t.organizationId),
  ],
);

export type CallAgentSpeech = typeof callAgentSpeech.$inferSelect;

export type CallAgent = typeof callAgents.$inferSelect;
