import type { Ctx } from '../../kernel/context/index.ts';
import { type AiBudget, liveBudgetOf } from '../ai-budgets/index.ts';
import type { AskGround } from '../ask-authority/index.ts';
import { chatRequestOf, type CreateGeneration } from '../generation-requests/index.ts';
import { hasCapability, type ModelRates } from '../models/index.ts';
import { customModelsOf, sealedKeyOf } from '../provider-keys/index.ts';
import {
  type ConsideredModel,
  findRoute,
  namedModels,
  requireAble,
  requireAnswerable,
  requireRoute,
  type RouteDecision,
} from '../routing/index.ts';
import { planReuse } from './reuse-answer.ts';
import type { Candidate, GenerationHold, GenerationPlan, StoredRoute } from './generations.ports.ts';

/** Most excluded models whose reasons a row has. */
const MAX_PASSED_OVER = 50;

function candidateOf(
  { model, keyOwner }: ConsideredModel,
  { keys, budget }: AskGround,
  rates: ReadonlyMap<string, ModelRates>,
): Candidate {
  const key =
    keyOwner === 'organization' ? keys.find(({ provider }) => provider === model.provider) : undefined;
  return {
    provider: model.provider,
    model: model.id,
    traits: {
      adaptiveReasoning: hasCapability(model, 'adaptive_reasoning'),
      explicitCaching: hasCapability(model, 'caching'),
    },
    key: key ? sealedKeyOf(key) : null,
    rates: budget && !key ? (rates.get(model.id) ?? null) : null,
  };
}

/** The reservation: the most that any model on a key of the platform can cost. */
function holdOf(ctx: Ctx, budget: AiBudget, taken: readonly ConsideredModel[]): GenerationHold | null {
  const amounts = taken.flatMap(({ keyOwner, mostMicros }) =>
    keyOwner === 'platform' && mostMicros !== null ? [Number(mostMicros)] : [],
  );
  if (amounts.length === 0) return null;
  return { budget: liveBudgetOf(budget, ctx.clock.now()), amountMicros: Math.max(...amounts) };
}

const storedRoute = ({ policy, considered }: RouteDecision): StoredRoute => ({
  policy,
  passedOver: considered
    .flatMap(({ model, reasons: [reason] }) =>
      reason ? [{ provider: model.provider, model: model.id, reason }] : [],
    )
    .slice(0, MAX_PASSED_OVER),
});

/**
 * Decides which models may be asked, with which keys, and what is reserved.
 * @throws AppError `ai.*` or `request.invalid`
 */
export async function planGeneration(
  ctx: Ctx,
  input: CreateGeneration,
  ground: AskGround,
): Promise<GenerationPlan> {
  requireAnswerable(input);
  requireAble(namedModels(input, customModelsOf(ground.keys)), input);
  const { decision, rates } = await findRoute(ctx, input, ground);
  const taken = requireRoute(decision);
  const candidates = taken.map((each) => candidateOf(each, ground, rates));
  const reuse = await planReuse(ctx, input, candidates[0]!, ground);
  return {
    organizationId: ctx.organizationId,
    generationId: ctx.ids.create('generation'),
    startedAtMs: ctx.clock.now(),
    asker: ctx.actor,
    request: chatRequestOf(input),
    candidates,
    ...reuse,
    route: storedRoute(decision),
    hold: ground.budget && !reuse.reused ? holdOf(ctx, ground.budget, taken) : null,
    ...(decision.hedgeAfterSeconds === null ? {} : { hedgeAfterSeconds: decision.hedgeAfterSeconds }),
  };
}
