import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import type { GenerationAnswer } from '../generations/index.ts';
import { changeMessage, selectAnswerOf } from './agent-conversations.queries.ts';
import type { Message } from './agent-conversations.tables.ts';

/** What of an answer is said: its text, without reasoning. */
const textOf = ({ output }: GenerationAnswer): string =>
  output.map((part) => (part.type === 'text' ? part.text : '')).join('');

/** An answer after its end. One that is not kept any more, because it came too long ago, is lost. */
export function endedMessage(answer: GenerationAnswer | null, nowMs: number): Partial<Message> {
  const outcome = answer?.outcome;
  if (!answer || !outcome)
    return { state: 'failed', failure: 'interrupted', text: '', endedAt: new Date(nowMs) };
  const { status, failure, endedAtMs } = outcome;
  return {
    state: status === 'completed' ? 'complete' : status,
    failure,
    text: textOf(answer),
    endedAt: new Date(endedAtMs),
  };
}

/** Stores an answer once; it may run at any time and twice. @returns the message as it is then */
export async function storeEnded(ctx: Ctx, message: Message): Promise<Message> {
  const { organizationId } = ctx;
  const answer = await ctx.ports.liveGenerations.answer({
    organizationId,
    generationId: message.generationId!,
  });
  if (answer && !answer.outcome) return message;
  const set = endedMessage(answer, ctx.clock.now());
  await ctx.commit({
    // What an agent said is stored whatever has become of its owner's rights meanwhile.
    scope: systemScopeOf(ctx.organizationId),
    write: (q) => [changeMessage(q, message, set)],
    skipIdempotencyRecord: true,
    result: undefined,
  });
  return { ...message, ...set, version: message.version + 1 };
}

/** After a generation ended. The policy hides conversations from the product itself, so that it reads as the system. */
export async function storeAnswer(ctx: Ctx, { generationId }: { generationId: string }): Promise<void> {
  const [[message]] = await ctx.read(
    (q) => [selectAnswerOf(q, ctx.organizationId, generationId)],
    systemScopeOf(ctx.organizationId),
  );
  if (message?.state === 'running') await storeEnded(ctx, message);
}
