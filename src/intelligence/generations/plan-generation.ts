import type { Ctx } from '../../kernel/context/index.ts';
import { type AiBudget, liveBudgetOf, worstCostMicros } from '../ai-budgets/index.ts';
import { type AiModel, findModel, hasCapability } from '../models/index.ts';
import type { AskGround } from '../ask-authority/index.ts';
import type { SealedKey } from '../provider-keys/index.ts';
import { generationErrors } from './generations.errors.ts';
import type { Candidate, GenerationHold, GenerationPlan } from './generations.ports.ts';
import { chatRequestOf, requireAble } from './generations.rules.ts';
import type { CreateGeneration } from './generations.schemas.ts';

/** The models of a request in the order in which they are asked. @throws AppError `ai.*` or `request.invalid` */
function modelsOf(input: CreateGeneration): AiModel[] {
  const ids = new Set([input.model, ...(input.fallbackModels ?? [])]);
  return [...ids].map((id) => {
    const model = findModel(id);
    if (!model) throw generationErrors.modelNotFound({ detail: `there is no model ${id}` });
    requireAble(model, input);
    return model;
  });
}

/** Models whose provider there is a key for. One without a key is passed over, unless there is no other. */
function withKeys(ctx: Ctx, models: readonly AiModel[], keys: ReadonlyMap<string, SealedKey>): AiModel[] {
  const usable = models.filter(({ provider }) => keys.has(provider) || ctx.ports.chat.keyOf(provider));
  if (usable.length === 0)
    throw generationErrors.notConfigured({ detail: `there is no key of ${models[0]!.provider}` });
  return usable;
}

async function candidateOf(
  ctx: Ctx,
  model: AiModel,
  key: SealedKey | null,
  isBudgeted: boolean,
): Promise<Candidate> {
  return {
    provider: model.provider,
    model: model.id,
    traits: {
      adaptiveReasoning: hasCapability(model, 'adaptive_reasoning'),
      explicitCaching: hasCapability(model, 'caching'),
    },
    key,
    rates: isBudgeted && key === null ? await ctx.ports.modelPrices.find(ctx, model) : null,
  };
}

/** What is reserved: the most that any of the models can cost. @throws AppError `ai.price_unknown` */
function holdOf(
  ctx: Ctx,
  budget: AiBudget,
  candidates: readonly Candidate[],
  request: GenerationPlan['request'],
): GenerationHold | null {
  const amounts = candidates.flatMap(({ model, rates }) => {
    if (!rates) return [];
    const amount = worstCostMicros(request, rates);
    if (amount === null) throw generationErrors.priceUnknown({ detail: `a price of ${model} is not known` });
    return [Number(amount)];
  });
  if (amounts.length === 0) return null;
  return { budget: liveBudgetOf(budget, ctx.clock.now()), amountMicros: Math.max(...amounts) };
}

/**
 * Decides which models may be asked, with which keys, and what is reserved.
 * @throws AppError `ai.*` or `request.invalid`
 */
export async function planGeneration(
  ctx: Ctx,
  input: CreateGeneration,
  { budget, keys: rows }: AskGround,
): Promise<GenerationPlan> {
  const models = modelsOf(input);
  const { organizationId } = ctx;
  const keys = new Map(
    rows.map(({ provider, id, sealedSecret }) => [provider as string, { id, sealedSecret }]),
  );
  const candidates = await Promise.all(
    withKeys(ctx, models, keys).map((model) =>
      candidateOf(ctx, model, keys.get(model.provider) ?? null, budget !== undefined),
    ),
  );
  const request = chatRequestOf(input);
  return {
    organizationId,
    generationId: ctx.ids.create('generation'),
    startedAtMs: ctx.clock.now(),
    asker: ctx.actor,
    request,
    candidates,
    hold: budget ? holdOf(ctx, budget, candidates, request) : null,
  };
}
