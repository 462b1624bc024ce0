import type { Ctx } from '../../kernel/context/index.ts';
import { worstCostMicros } from '../ai-budgets/index.ts';
import type { CreateGeneration } from '../generation-requests/index.ts';
import { type Generation, generationErrors, tokensOf } from '../generations/index.ts';
import { costMicros, findModel } from '../models/index.ts';
import { selectProviderKeys } from '../provider-keys/index.ts';
import type { TeamRun, TeamTurn } from './team-runs.tables.ts';

/**
 * The most that a turn can cost, with any of its models on a key of the platform; null for a run without a budget.
 * @throws AppError `ai.price_unknown`
 */
export async function worstCostOfTurn(
  ctx: Ctx,
  { team }: TeamRun,
  question: CreateGeneration,
): Promise<number | null> {
  if (team.budgetMicros === null) return null;
  const [keys] = await ctx.read((q) => [selectProviderKeys(q, ctx.organizationId)]);
  const own = new Set<string>(keys.map(({ provider }) => provider));
  const { system, messages, maxOutputTokens, outputSchema } = question;
  const request = { system: { text: system ?? '' }, messages, maxOutputTokens, outputSchema };
  let most = 0;
  for (const id of [question.model, ...(question.fallbackModels ?? [])]) {
    const model = id === undefined ? undefined : findModel(id);
    if (!model || own.has(model.provider)) continue;
    const cost = worstCostMicros(request, await ctx.ports.modelPrices.find(ctx, model));
    if (cost === null) throw generationErrors.priceUnknown({ detail: `a price of ${id} is unknown` });
    most = Math.max(most, Number(cost));
  }
  return most;
}

/** Whether the rest of a run's budget covers a turn. */
export const isCovered = ({ team, spentMicros }: TeamRun, worstMicros: number | null): boolean =>
  team.budgetMicros === null || worstMicros === null || spentMicros + worstMicros <= team.budgetMicros;

/** The cost of an attempt on the account of the platform; null when a price is unknown. */
export async function costOfAttempt(ctx: Ctx, generation: Generation): Promise<number | null> {
  if (generation.ownKey) return 0;
  const { model: id, provider } = generation;
  const rates = await ctx.ports.modelPrices.find(ctx, { id, provider: provider as never });
  const cost = costMicros(tokensOf(generation), rates);
  return cost === null ? null : Number(cost);
}

/**
 * The amount that counts against the budget: without exact figures all that was reserved, so that the budget is never
 * exceeded.
 */
export function chargeOfAttempt(
  { reservedMicros }: TeamTurn,
  { usageState, ownKey, status }: Generation,
  costMicrosOfIt: number | null,
): number {
  if (reservedMicros === null) return costMicrosOfIt ?? 0;
  if (ownKey) return 0;
  if (usageState === 'exact') return costMicrosOfIt ?? reservedMicros;
  return usageState === 'none' && status !== 'completed' ? 0 : reservedMicros;
}
