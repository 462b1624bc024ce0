import type { Ctx } from '../../kernel/context/index.ts';
import { type GenerationAnswer, selectGenerationById } from '../generations/index.ts';

/** A generation ends after ten minutes at the latest, and its answer is kept for fifteen more. */
export const LOST_AFTER_MS = 12 * 60_000;

type UnusableReason = 'answer_gone' | 'answer_cut' | 'generation_failed' | 'generation_cancelled';

/** The text of an answer; its thoughts and tool calls are left out. */
export const textOf = ({ output }: Pick<GenerationAnswer, 'output'>): string =>
  output.map((part) => (part.type === 'text' ? part.text : '')).join('');

/** The text of a complete answer, or why there is none; null while the generation runs. */
export async function readEndedAnswer(
  ctx: Ctx,
  generationId: string | null,
): Promise<{ text: string } | { reason: UnusableReason } | null> {
  const { organizationId } = ctx;
  if (generationId === null) return { reason: 'answer_gone' };
  const [[generation]] = await ctx.read((q) => [selectGenerationById(q, organizationId, generationId)]);
  if (generation?.status === 'failed') return { reason: 'generation_failed' };
  if (generation?.status === 'cancelled') return { reason: 'generation_cancelled' };
  const answer = await ctx.ports.liveGenerations.answer({ organizationId, generationId });
  if (!answer) return { reason: 'answer_gone' };
  if (!answer.outcome) return null;
  if (answer.outcome.status !== 'completed') return { reason: 'generation_failed' };
  if (answer.outcome.stopReason === 'max_tokens') return { reason: 'answer_cut' };
  return { text: textOf(answer) };
}
