import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import type { AgentVersion } from '../agents/index.ts';
import { offerTools, type ToolCaller, TOOLS_MS, withoutResults } from '../agent-tools/index.ts';
import { type Generation, type StartedGeneration, startGeneration } from '../generations/index.ts';
import type { Recall } from '../memory-search/index.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import { changeMessage, insertExchange } from './agent-conversations.queries.ts';
import { type Answering, finishAnswer, originOf, streamAnswer } from './answer-rounds.ts';
import type { SendMessage } from './agent-conversations.schemas.ts';
import type { Conversation, Message } from './agent-conversations.tables.ts';
import { type CallSight, numbered, promptOf, recallForAgent, sightOf } from '../agent-prompts/index.ts';
import { readConversation, withStored } from './read-conversation.ts';

/** The length of a chat. An agent in a call has no such limit, which would silence it: it is given the last messages. */
const MAX_MESSAGES = 1_000;

/** A question with its answer so far; or with `events`, which come while it is given. */
export interface SentMessage {
  question: Message;
  answer: Message;
  events?: StartedGeneration['events'];
}

/** The call in which an agent is asked, and what it sees there. */
interface InCall {
  roomId: string;
  callId: string;
  sight: CallSight;
}

function exchangeOf(
  ctx: Ctx,
  { id: conversationId, organizationId, owner, messageCount }: Conversation,
  agentVersion: number,
  text: string,
  recalled: Recall['found'],
): { question: Message; answerOf: (row: Generation) => Message } {
  const createdAt = new Date(ctx.clock.now());
  const unused = { failure: null, rounds: [], steppedAt: null } as const;
  const common = { ...unused, organizationId, conversationId, owner, createdAt, version: 1 };
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

/** The messages that are stored, and what the model is asked. */
function prepare(
  ctx: Ctx,
  { conversation, version }: { conversation: Conversation; version: AgentVersion },
  {
    text,
    inCall,
    history,
    recalled,
  }: { text: string; inCall: InCall | undefined; history: Message[]; recalled: Recall['found'] },
) {
  const sight = inCall && sightOf(version.definition, inCall.sight);
  const exchange = exchangeOf(ctx, conversation, version.number, text + (sight?.record ?? ''), recalled);
  const asked: Answering['asked'] = { history, notes: numbered(recalled), text, ...(sight ? { sight } : {}) };
  return { ...exchange, asked };
}

/** Withdraws the decision that the person has not made: their next question replaces it. */
const withdrawn = (newest: Message | undefined, now: Date) =>
  newest?.state === 'awaiting'
    ? {
        row: newest,
        set: { state: 'cancelled', endedAt: now, rounds: withoutResults(newest.rounds) } as const,
      }
    : null;

/**
 * Asks the agent of a conversation of the caller. Question and pending answer are stored with the generation, before a
 * model is asked.
 * @param caller the request with which tools are called; without it the agent has no tools
 * @throws AppError `agent_conversations.*`, `agents.switched_off`, `ai.*`, `billing.feature_not_included` or
 * `auth.forbidden`
 */
export async function sendMessage(
  ctx: Ctx,
  conversationId: string,
  { text, stream, inCall }: SendMessage & { inCall?: InCall },
  caller?: ToolCaller,
): Promise<SentMessage> {
  requirePermission(ctx.actor, 'agents:read');
  requirePermission(ctx.actor, 'ai:write');
  const found = await readConversation(ctx, conversationId);
  const { conversation, version, given } = found;
  if (!inCall && conversation.messageCount >= MAX_MESSAGES) throw conversationErrors.full();
  const history = await withStored(ctx, found.history);
  const recalled = await recallForAgent(ctx, version, text, inCall?.roomId);
  const { question, answerOf, asked } = prepare(ctx, found, { text, inCall, history, recalled });
  const answering: Answering = {
    // The response to this request is stored once, by its first commit.
    ctx: ctx.as(ctx.actor),
    definition: version.definition,
    asked,
    tools: caller ? await offerTools(ctx.as(ctx.actor), version, caller) : [],
    given,
    untilMs: ctx.clock.now() + TOOLS_MS,
    origin: originOf(conversation, inCall),
  };
  const withdrawal = withdrawn(history[0], question.createdAt);
  const input = { ...promptOf(version.definition, { ...answering.asked, tools: answering.tools }), stream };
  const started = await startGeneration(ctx, input, {
    write: (q, generation) => [
      ...insertExchange(q, conversation, [question, answerOf(generation)]),
      ...(withdrawal ? [changeMessage(q, withdrawal.row, withdrawal.set)] : []),
    ],
    resultOf: (generation): SentMessage => ({ question, answer: answerOf(generation) }),
    conflicts: { agent_messages_position_key: conversationErrors.answering },
    origin: answering.origin,
  });
  return followAnswer(answering, question, answerOf(started.row), started);
}

/** The events of the answer, round by round. */
export async function followAnswer(
  answering: Answering,
  question: Message,
  answer: Message,
  started: StartedGeneration,
): Promise<SentMessage> {
  const { events } = started;
  if (!events) return { question, answer: await finishAnswer(answering, answer, started) };
  // Without tools, its events are those of one generation, and can be resumed there.
  const isOneRound = answering.tools.length === 0;
  return { question, answer, events: isOneRound ? events : streamAnswer(answering, answer, events) };
}
