import { sql } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { agentConversations, type Conversation } from './agent-conversations.tables.ts';

/** Inserts the conversation of an agent in a call. It counts in no limit of chats, and has an end of its own. */
export const insertCallConversation = (q: Queries, row: Omit<Conversation, 'inCall'>): Statement[] => [
  q.insert(agentConversations).values({ ...row, inCall: true }),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'agents' }),
];

/** Deletes conversations of calls that have had no message for 90 days. */
export const deleteOldCallConversations = (q: Queries, now: Date, limit: number) => {
  const old = sql`select id from ${agentConversations}
    where in_call and updated_at < ${now.toISOString()}::timestamptz - interval '90 days' limit ${limit}`;
  return q
    .delete(agentConversations)
    .where(sql`id in (${old})`)
    .returning({ id: agentConversations.id });
};
