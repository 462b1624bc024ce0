import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { ABANDONED_MS, callsToMake, textWith, withoutResults } from '../agent-tools/index.ts';
import { textOf } from '../ended-answers/index.ts';
import type { GenerationAnswer } from '../generations/index.ts';
import { changeMessage, selectAnswerOf } from './agent-conversations.queries.ts';
import type { Message } from './agent-conversations.tables.ts';

/** The row of an answer that has ended. The text is lost if it is no longer kept because this came too late. */
export function endedMessage(
  { rounds }: Pick<Message, 'rounds'>,
  answer: GenerationAnswer | null,
  nowMs: number,
): Partial<Message> {
  const outcome = answer?.outcome;
  const kept = { rounds: withoutResults(rounds) };
  if (!answer || !outcome)
    return {
      ...kept,
      state: 'failed',
      failure: 'interrupted',
      text: textWith(rounds, ''),
      endedAt: new Date(nowMs),
    };
  const { status, failure, endedAtMs } = outcome;
  return {
    ...kept,
    state: status === 'completed' ? 'complete' : status,
    failure,
    text: textWith(rounds, textOf(answer)),
    endedAt: new Date(endedAtMs),
  };
}

/** Ends an answer, unless it has changed since it was read (`request.stale`). */
export async function storeEnd(ctx: Ctx, message: Message, set: Partial<Message>): Promise<Message> {
  await ctx.commit({
    // The answer of an agent is stored even if its owner has lost rights meanwhile.
    scope: systemScopeOf(ctx.organizationId),
    write: (q) => [changeMessage(q, message, set)],
    skipIdempotencyRecord: true,
    result: undefined,
  });
  return { ...message, ...set, version: message.version + 1 };
}

/** Whether tools are being called for it. The request that does so then continues it, unless it died long ago. */
function isBetweenRounds({ rounds, steppedAt }: Message, answer: GenerationAnswer | null, nowMs: number) {
  const endedMs = answer && callsToMake(rounds, answer).length > 0 ? answer.outcome!.endedAtMs : 0;
  return nowMs - Math.max(endedMs, steppedAt?.getTime() ?? 0) < ABANDONED_MS;
}

/** Stores an answer once; it may run at any time, and twice. @returns the message as it is afterwards */
export async function storeEnded(ctx: Ctx, message: Message): Promise<Message> {
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const answer = await ctx.ports.liveGenerations.answer({
    organizationId,
    generationId: message.generationId!,
  });
  if (answer && !answer.outcome) return message;
  const isOpen = !answer || callsToMake(message.rounds, answer).length > 0;
  if (isOpen && isBetweenRounds(message, answer, nowMs)) return message;
  return storeEnd(ctx, message, endedMessage(message, isOpen ? null : answer, nowMs));
}

/** After a generation ended. The policy hides conversations from the product itself, so this reads as the system. */
export async function storeAnswer(ctx: Ctx, { generationId }: { generationId: string }): Promise<void> {
  const [[message]] = await ctx.read(
    (q) => [selectAnswerOf(q, ctx.organizationId, generationId)],
    systemScopeOf(ctx.organizationId),
  );
  if (message?.state === 'running') await storeEnded(ctx, message);
}
