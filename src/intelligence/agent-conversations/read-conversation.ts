import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, isStale } from '../../kernel/core/index.ts';
import { agentErrors, showsTo } from '../agents/index.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import {
  selectAgentMessages,
  selectConversationToAnswer,
  selectDataOrigins,
} from './agent-conversations.queries.ts';
import type { Message } from './agent-conversations.tables.ts';
import { HISTORY_MESSAGES } from '../agent-prompts/index.ts';
import { storeEnded } from './store-answer.ts';

/**
 * The conversation of the caller with its agent, its messages, the newest first, and the origins of what the agent was
 * given.
 * @throws AppError `agent_conversations.*` or `agents.*`
 */
export async function readConversation(ctx: Ctx, conversationId: string) {
  const { organizationId, actor } = ctx;
  const [[found], history, { rows: origins }] = await ctx.read((q) => [
    selectConversationToAnswer(q, organizationId, actorId(actor)!, conversationId),
    selectAgentMessages(q, organizationId, conversationId, { before: undefined, limit: HISTORY_MESSAGES }),
    selectDataOrigins(q, organizationId, conversationId),
  ]);
  if (!found) throw conversationErrors.notFound();
  if (!showsTo(actor, found.agent)) throw agentErrors.notFound();
  if (!found.agent.enabled) throw agentErrors.switchedOff();
  return { ...found, history, given: origins.map(({ origin }) => origin) };
}

/**
 * Stores the earlier answer first, if it has ended without being stored.
 * @throws AppError `agent_conversations.answering`
 */
export async function withStored(ctx: Ctx, [newest, ...older]: readonly Message[]): Promise<Message[]> {
  if (!newest) return [];
  if (newest.state !== 'running') return [newest, ...older];
  const stored = await storeEnded(ctx, newest).catch((error: unknown) => {
    if (isStale(error)) throw conversationErrors.answering();
    throw error;
  });
  if (stored.state === 'running') throw conversationErrors.answering();
  return [stored, ...older];
}
