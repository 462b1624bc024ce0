import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, isStale, permits, requirePermission } from '../../kernel/core/index.ts';
import { type AgentDefinition, agentErrors, showsTo } from '../agents/index.ts';
import { type Generation, type StartedGeneration, startGeneration } from '../generations/index.ts';
import { type Recall, recallMemories } from '../memory-search/index.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import {
  insertExchange,
  selectConversationToAnswer,
  selectAgentMessages,
} from './agent-conversations.queries.ts';
import type { SendMessage } from './agent-conversations.schemas.ts';
import type { Conversation, Message } from './agent-conversations.tables.ts';
import { HISTORY_MESSAGES, promptOf } from './prompt.rules.ts';
import { endedMessage, storeEnded } from './store-answer.ts';

const MAX_MESSAGES = 1_000;
const RECALLED = 5;

/** A question and its answer as far as it was given; with `events`, which come as it is given. */
export interface SentMessage {
  question: Message;
  answer: Message;
  events?: StartedGeneration['events'];
}

async function readGround(ctx: Ctx, conversationId: string) {
  const { organizationId, actor } = ctx;
  const [[found], history] = await ctx.read((q) => [
    selectConversationToAnswer(q, organizationId, actorId(actor)!, conversationId),
    selectAgentMessages(q, organizationId, conversationId, { before: undefined, limit: HISTORY_MESSAGES }),
  ]);
  if (!found) throw conversationErrors.notFound();
  if (!showsTo(actor, found.agent)) throw agentErrors.notFound();
  if (!found.agent.enabled) throw agentErrors.switchedOff();
  if (found.conversation.messageCount >= MAX_MESSAGES) throw conversationErrors.full();
  return { ...found, history: await withStored(ctx, history) };
}

/** The answer before may have ended without being stored yet. @throws AppError `agent_conversations.answering` */
async function withStored(ctx: Ctx, [newest, ...older]: readonly Message[]): Promise<Message[]> {
  if (!newest) return [];
  if (newest.state !== 'running') return [newest, ...older];
  const stored = await storeEnded(ctx, newest).catch((error: unknown) => {
    if (isStale(error)) throw conversationErrors.answering();
    throw error;
  });
  if (stored.state === 'running') throw conversationErrors.answering();
  return [stored, ...older];
}

/**
 * Memories that show to the person, of the scopes that the agent may use. In a call others listen, too: there it knows what the room does,
 * and nothing of the person.
 */
async function recall(ctx: Ctx, allowed: AgentDefinition['memoryScopes'], text: string, roomId?: string) {
  const { actor } = ctx;
  const scopes = roomId === undefined ? allowed : allowed.filter((scope) => scope === 'room');
  const mayRead = 'permissions' in actor && permits(actor.permissions, 'memories:read');
  if (scopes.length === 0 || !mayRead) return [];
  const query = text.slice(0, 2_000);
  const { found } = await recallMemories(ctx, {
    query,
    scopes,
    roomId,
    limit: RECALLED,
    minSimilarity: undefined,
  });
  return found;
}

function exchangeOf(
  ctx: Ctx,
  { id: conversationId, organizationId, owner, messageCount }: Conversation,
  agentVersion: number,
  text: string,
  recalled: Recall['found'],
): { question: Message; answerOf: (row: Generation) => Message } {
  const createdAt = new Date(ctx.clock.now());
  const common = { organizationId, conversationId, owner, failure: null, createdAt, version: 1 } as const;
  const answerId = ctx.ids.create('agentMessage');
  return {
    question: {
      ...common,
      id: ctx.ids.create('agentMessage'),
      position: messageCount + 1,
      kind: 'question',
      state: 'complete',
      text,
      sources: [],
      agentVersion: null,
      generationId: null,
      endedAt: createdAt,
    },
    answerOf: ({ id: generationId }) => ({
      ...common,
      id: answerId,
      position: messageCount + 2,
      kind: 'answer',
      state: 'running',
      text: '',
      sources: recalled.map(({ found }) => ({ memoryId: found.memory.id })),
      agentVersion,
      generationId,
      endedAt: null,
    }),
  };
}

/**
 * Asks the agent of a conversation of the caller. Question and answer to come are stored with the generation, before a model is asked.
 * @throws AppError `agent_conversations.*`, `agents.switched_off`, `ai.*`, `billing.feature_not_included` or `auth.forbidden`
 */
export async function sendMessage(
  ctx: Ctx,
  conversationId: string,
  { text, stream, roomId, callId }: SendMessage & { roomId?: string; callId?: string },
): Promise<SentMessage> {
  requirePermission(ctx.actor, 'agents:read');
  requirePermission(ctx.actor, 'ai:write');
  const { conversation, version, history } = await readGround(ctx, conversationId);
  const recalled = await recall(ctx, version.definition.memoryScopes, text, roomId);
  const { question, answerOf } = exchangeOf(ctx, conversation, version.number, text, recalled);
  const input = { ...promptOf(version.definition, { history, recalled, text }), stream };
  const { row, answer, events } = await startGeneration(ctx, input, {
    write: (q, generation) => insertExchange(q, conversation, [question, answerOf(generation)]),
    resultOf: (generation): SentMessage => ({ question, answer: answerOf(generation) }),
    conflicts: { agent_messages_position_key: conversationErrors.answering },
    origin: {
      feature: 'agents',
      agent: conversation.agentId,
      conversation: conversation.id,
      ...(roomId === undefined ? {} : { room: roomId }),
      ...(callId === undefined ? {} : { call: callId }),
    },
  });
  const running = answerOf(row);
  if (events) return { question, answer: running, events };
  const ended = answer ? endedMessage(answer, ctx.clock.now()) : {};
  return { question, answer: { ...running, ...ended } };
}
