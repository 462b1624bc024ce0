import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors, requirePermission } from '../../kernel/core/index.ts';
import { decided, offerTools, type ToolCaller, TOOLS_MS } from '../agent-tools/index.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import { changeMessage } from './agent-conversations.queries.ts';
import type { DecideCalls } from './agent-conversations.schemas.ts';
import type { Message } from './agent-conversations.tables.ts';
import { type Answering, continueAnswer, originOf } from './answer-rounds.ts';
import { numbered, recallForAgent } from '../agent-prompts/index.ts';
import { readConversation } from './read-conversation.ts';
import { followAnswer, type SentMessage } from './send-message.ts';

/** @throws AppError `agent_conversations.not_awaiting` or `request.invalid` */
function requireAwaiting(newestFirst: readonly Message[], answerId: string, confirmed: number[]) {
  const [answer, question] = newestFirst;
  if (!newestFirst.some(({ id }) => id === answerId)) throw conversationErrors.messageNotFound();
  if (answer?.id !== answerId || answer.state !== 'awaiting' || !question)
    throw conversationErrors.notAwaiting();
  const awaiting = answer.rounds.at(-1)!.steps.filter(({ state }) => state === 'awaiting');
  confirmed.forEach((number, place) => {
    if (!awaiting.some((step) => step.number === number))
      throw requestErrors.invalid({
        errors: [{ pointer: `/confirmed/${place}`, message: 'must be a step that awaits a decision' }],
      });
  });
  return { answer, question };
}

/**
 * Decides about the calls that an answer awaits: the named ones are made as they were shown, the others are refused,
 * and the agent answers. The decision is stored first, so that no call is made twice.
 * @throws AppError `agent_conversations.*`, `agents.*`, `ai.*`, `request.invalid` or `auth.forbidden`
 */
export async function decideCalls(
  ctx: Ctx,
  ids: { conversationId: string; answerId: string },
  { confirmed, stream }: DecideCalls,
  caller: ToolCaller,
): Promise<SentMessage> {
  requirePermission(ctx.actor, 'agents:read');
  requirePermission(ctx.actor, 'ai:write');
  const found = await readConversation(ctx, ids.conversationId);
  const { conversation, version, given, history: newestFirst } = found;
  const { answer, question } = requireAwaiting(newestFirst, ids.answerId, confirmed);
  const again = ctx.as(ctx.actor);
  const { definition } = version;
  const recalled = await recallForAgent(again, version, question.text);
  const answering: Answering = {
    ctx: again,
    definition,
    asked: { history: newestFirst.slice(2), notes: numbered(recalled, answer.sources), text: question.text },
    tools: await offerTools(again, version, caller),
    given,
    untilMs: ctx.clock.now() + TOOLS_MS,
    origin: originOf(conversation),
  };
  const set = {
    state: 'running' as const,
    rounds: decided(answer.rounds, confirmed),
    steppedAt: new Date(ctx.clock.now()),
  };
  const running = { ...answer, ...set, version: answer.version + 1 };
  await ctx.commit({
    write: (q) => [changeMessage(q, answer, set)],
    conflicts: {},
    result: { question, answer: running } satisfies SentMessage,
  });
  const { message, started } = await continueAnswer(answering, running, stream);
  return followAnswer(answering, question, message, started);
}
