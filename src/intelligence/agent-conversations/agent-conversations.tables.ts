import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
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
import { agents } from '../agents/agents.tables.ts';
import { GENERATION_FAILURES } from '../generations/index.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import type { AnswerRound } from '../agent-tools/index.ts';
import { MESSAGE_KINDS, MESSAGE_STATES } from './agent-conversations.enums.ts';

/** A conversation between one person or API key and one agent. */
export const agentConversations = pgTable(
  'agent_conversations',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    agentId: id('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    /**
     * The user or API key that owns it, and with which it is deleted. The tenant policy hides it from others unless it
     * is shared.
     */
    owner: text('owner').notNull(),
    userId: id('user_id'),
    apiKeyId: id('api_key_id').references(() => apiKeys.id, { onDelete: 'cascade' }),
    title: text('title'),
    shared: boolean('shared').notNull(),
    /** Whether it is that of an agent in a call: it is no chat that its owner began. */
    inCall: boolean('in_call').notNull().default(false),
    messageCount: integer('message_count').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('agent_conversations_owner_idx').on(t.organizationId, t.owner, t.id),
    index('agent_conversations_agent_id_idx').on(t.agentId),
    index('agent_conversations_user_id_idx').on(t.organizationId, t.userId),
    index('agent_conversations_api_key_id_idx').on(t.apiKeyId),
    index('agent_conversations_in_call_idx')
      .on(t.updatedAt)
      .where(sql`in_call`),
    foreignKey({
      name: 'agent_conversations_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
    check('agent_conversations_owner_check', sql`${t.owner} = coalesce(${t.userId}, ${t.apiKeyId})`),
  ],
);

export type Conversation = typeof agentConversations.$inferSelect;

/** A memory that an answer was given. Only its id is stored, so that no copy remains of a forgotten memory. */
export interface MessageSource {
  memoryId: string;
}

export const agentMessages = pgTable(
  'agent_messages',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    conversationId: id('conversation_id')
      .notNull()
      .references(() => agentConversations.id, { onDelete: 'cascade' }),
    /** The owner of the conversation. */
    owner: text('owner').notNull(),
    /** From 1. */
    position: integer('position').notNull(),
    kind: enumColumn('kind', MESSAGE_KINDS).notNull(),
    state: enumColumn('state', MESSAGE_STATES).notNull(),
    failure: enumColumn('failure', GENERATION_FAILURES),
    text: text('text').notNull(),
    /** For an answer: the memories that it was given, in the order of their numbers. */
    sources: jsonb('sources').$type<readonly MessageSource[]>().notNull(),
    /** For an answer: the rounds of tool calls before it, with their results. */
    rounds: jsonb('rounds').$type<readonly AnswerRound[]>().notNull().default([]),
    /** When the last step was stored; null without one. */
    steppedAt: utcTimestamp('stepped_at'),
    /** For an answer: the version of the agent that gives it. */
    agentVersion: integer('agent_version'),
    generationId: id('generation_id').references(() => aiGenerations.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('agent_messages_position_key').on(t.conversationId, t.position),
    index('agent_messages_organization_id_idx').on(t.organizationId),
    index('agent_messages_generation_id_idx').on(t.generationId),
    index('agent_messages_running_idx')
      .on(t.id)
      .where(sql`state = 'running'`),
    enumCheck('agent_messages_kind_check', t.kind, MESSAGE_KINDS),
    enumCheck('agent_messages_state_check', t.state, MESSAGE_STATES),
    enumCheck('agent_messages_failure_check', t.failure, GENERATION_FAILURES),
  ],
);

export type Message = typeof agentMessages.$inferSelect;
