import type { Ctx } from '../../kernel/context/index.ts';
import { type AiBudget, liveBudgetOf, selectBudget } from '../ai-budgets/index.ts';
import { type AiModel, findModel, hasCapability } from '../models/index.ts';
import { type SealedKey, selectProviderKeys } from '../provider-keys/index.ts';
import { generationErrors } from './generations.errors.ts';
import type { Candidate, GenerationHold, GenerationPlan } from './generations.ports.ts';
import { chatRequestOf, requireAble } from './generations.rules.ts';
import type { CreateGeneration } from './generations.schemas.ts';
import { worstCostMicros } from './worst-cost.rules.ts';

async function holdOf(
  ctx: Ctx,
  budget: AiBudget,
  candidate: Candidate,
  input: CreateGeneration,
): Promise<GenerationHold> {
  const amount = worstCostMicros(chatRequestOf(input), candidate.rates!);
  if (amount === null)
    throw generationErrors.priceUnknown({ detail: `a price of ${candidate.model} is not known` });
  return { budget: liveBudgetOf(budget, ctx.clock.now()), amountMicros: Number(amount) };
}

function requireKey(ctx: Ctx, { provider }: AiModel, key: SealedKey | null): void {
  if (!key && !ctx.ports.chat.keyOf(provider))
    throw generationErrors.notConfigured({ detail: `there is no key of ${provider}` });
}

/**
 * Decides which model is asked, with which key, and what is reserved.
 * @throws AppError `ai.*` or `request.invalid`
 */
export async function planGeneration(ctx: Ctx, input: CreateGeneration): Promise<GenerationPlan> {
  const model = findModel(input.model);
  if (!model) throw generationErrors.modelNotFound();
  requireAble(model, input);
  const { organizationId } = ctx;
  const [[budget], keys] = await ctx.read((q) => [
    selectBudget(q, organizationId),
    selectProviderKeys(q, organizationId),
  ]);
  const row = keys.find(({ provider }) => provider === model.provider);
  const key = row ? { id: row.id, sealedSecret: row.sealedSecret } : null;
  requireKey(ctx, model, key);
  const isBudgeted = budget !== undefined && key === null;
  const candidate: Candidate = {
    provider: model.provider,
    model: model.id,
    traits: { adaptiveReasoning: hasCapability(model, 'adaptive_reasoning') },
    key,
    rates: isBudgeted ? await ctx.ports.modelPrices.find(ctx, model) : null,
  };
  return {
    organizationId,
    generationId: ctx.ids.create('generation'),
    startedAtMs: ctx.clock.now(),
    request: chatRequestOf(input),
    candidates: [candidate],
    hold: isBudgeted ? await holdOf(ctx, budget, candidate, input) : null,
  };
}
