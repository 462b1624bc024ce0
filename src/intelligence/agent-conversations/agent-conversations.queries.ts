import { and, asc, desc, eq, or, sql } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { agents, agentVersions } from '../agents/agents.tables.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import {
  agentConversations,
  agentMessages,
  type Conversation,
  type Message,
} from './agent-conversations.tables.ts';

const MAX_CONVERSATIONS = 500;

/**
 * Inserts a conversation, unless its owner has too many. Conversations of one owner are inserted one after the other.
 */
export function insertConversation(q: Queries, row: Conversation): Statement[] {
  const { organizationId, owner, createdAt: now } = row;
  const key = `agent conversations ${organizationId} ${owner}`;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`),
    q.insert(agentConversations).values(row),
    mustHold(
      q,
      sql`(select count(*) from ${agentConversations}
        where ${agentConversations.organizationId} = ${organizationId} and ${agentConversations.owner} = ${owner}
          and not ${agentConversations.inCall}) <= ${MAX_CONVERSATIONS}`,
      conversationErrors.tooMany,
    ),
    holdFeature(q, { organizationId, now, feature: 'agents' }),
  ];
}

const isConversation = (organizationId: string, conversationId: string) =>
  and(eq(agentConversations.organizationId, organizationId), eq(agentConversations.id, conversationId));

/** A conversation that the reader may see: their own, or a shared one. */
export const selectConversation = (
  q: Queries,
  organizationId: string,
  reader: string,
  conversationId: string,
) =>
  q
    .select()
    .from(agentConversations)
    .where(
      and(
        isConversation(organizationId, conversationId),
        or(eq(agentConversations.owner, reader), eq(agentConversations.shared, true)),
      ),
    );

/** A conversation with its agent and the published version of it. */
export const selectConversationToAnswer = (
  q: Queries,
  organizationId: string,
  owner: string,
  conversationId: string,
) =>
  q
    .select({ conversation: agentConversations, agent: agents, version: agentVersions })
    .from(agentConversations)
    .innerJoin(agents, eq(agents.id, agentConversations.agentId))
    .innerJoin(
      agentVersions,
      and(eq(agentVersions.agentId, agents.id), eq(agentVersions.number, agents.activeVersion)),
    )
    .where(and(isConversation(organizationId, conversationId), eq(agentConversations.owner, owner)));

/** An owner's conversations, the newest first; one more than `limit`. */
export const selectConversations = (
  q: Queries,
  organizationId: string,
  owner: string,
  { agentId, before, limit }: { agentId: string | undefined; before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(agentConversations)
    .where(
      and(
        eq(agentConversations.organizationId, organizationId),
        eq(agentConversations.owner, owner),
        agentId === undefined ? undefined : eq(agentConversations.agentId, agentId),
        isBefore(agentConversations.id, before),
      ),
    )
    .orderBy(desc(agentConversations.id))
    .limit(limit + 1);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeConversation = (q: Queries, row: Conversation, set: Partial<Conversation>) =>
  changeVersioned(q, agentConversations, row, set);

export const deleteConversationRow = (q: Queries, row: Conversation) =>
  deleteVersioned(q, agentConversations, row);

/**
 * Adds a question with its pending answer. Of two at the same time, the second fails with
 * `agent_conversations.answering`.
 */
export const insertExchange = (
  q: Queries,
  conversation: Conversation,
  rows: readonly [question: Message, answer: Message],
): Statement[] => [
  changeVersioned(
    q,
    agentConversations,
    conversation,
    { messageCount: rows[1].position, updatedAt: rows[0].createdAt },
    { error: conversationErrors.answering },
  ),
  q.insert(agentMessages).values([...rows]),
  holdFeature(q, {
    organizationId: conversation.organizationId,
    now: rows[0].createdAt,
    feature: 'agents',
  }),
];

/** The newest first; one more than `limit`. */
export const selectAgentMessages = (
  q: Queries,
  organizationId: string,
  conversationId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(agentMessages)
    .where(
      and(
        eq(agentMessages.organizationId, organizationId),
        eq(agentMessages.conversationId, conversationId),
        before === undefined ? undefined : sql`${agentMessages.position} < ${Number(before)}`,
      ),
    )
    .orderBy(desc(agentMessages.position))
    .limit(limit + 1);

/**
 * The origins of what the agent got in a conversation: connections; null stands for the product, its tools and
 * memories.
 */
export const selectDataOrigins = (q: Queries, organizationId: string, conversationId: string) =>
  q.execute<{ origin: string | null }>(sql`
    with answers as (select sources, rounds from ${agentMessages}
      where organization_id = ${organizationId} and conversation_id = ${conversationId})
    select step ->> 'connectionId' as origin
      from answers, jsonb_path_query(rounds, '$[*].steps[*] ? (@.state == "done" || @.state == "failed")') step
    union select null from answers where sources <> '[]'`);

export const selectAnswerOf = (q: Queries, organizationId: string, generationId: string) =>
  q
    .select()
    .from(agentMessages)
    .where(
      and(eq(agentMessages.organizationId, organizationId), eq(agentMessages.generationId, generationId)),
    );

/**
 * Answers of all organizations that have been running since before a moment, those with the oldest last change first.
 */
export const selectRunningAnswers = (q: Queries, before: Date, limit: number) =>
  q
    .select()
    .from(agentMessages)
    .where(
      and(
        eq(agentMessages.state, 'running'),
        sql`coalesce(${agentMessages.steppedAt}, ${agentMessages.createdAt}) < ${before.toISOString()}`,
      ),
    )
    .orderBy(asc(agentMessages.id))
    .limit(limit);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeMessage = (q: Queries, row: Message, set: Partial<Message>): Statement =>
  changeVersioned(q, agentMessages, row, set);
