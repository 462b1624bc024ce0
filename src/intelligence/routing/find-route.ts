import type { Ctx } from '../../kernel/context/index.ts';
import { mostInputTokens, worstCostMicros } from '../ai-budgets/index.ts';
import { combinePreferences } from '../ai-preferences/index.ts';
import type { AskGround } from '../ask-authority/index.ts';
import { chatRequestOf, type CreateGeneration, neededCapabilities } from '../generation-requests/index.ts';
import { AI_MODELS, type AiModel, type ModelRates } from '../models/index.ts';
import { customModelsOf } from '../provider-keys/index.ts';
import { namedModels } from './require-route.rules.ts';
import { selectSpeeds } from './routing.queries.ts';
import {
  decideRoute,
  type KeyOwner,
  modelsOf,
  type ModelSpeed,
  reasonsBeforePrice,
  type RouteDecision,
  type RouteFacts,
} from './routing.rules.ts';

const SPEED_SINCE_MS = 7 * 86_400_000;
/**
 * In nearly all languages a token has more bytes. So the most tokens that a text can have, divided by this, are likely
 * to be enough.
 */
const LIKELY_BYTES_OF_TOKEN = 3;

/** A decision, and the prices on which it is based. */
export interface FoundRoute {
  decision: RouteDecision;
  rates: ReadonlyMap<string, ModelRates>;
}

function keyOwnersOf(ctx: Ctx, { keys }: AskGround): Map<string, KeyOwner> {
  const platform = AI_MODELS.filter(({ provider }) => ctx.ports.chat.keyOf(provider));
  return new Map<string, KeyOwner>([
    ...platform.map(({ provider }) => [provider, 'platform'] as const),
    ...keys.map(({ provider }) => [provider, 'organization'] as const),
  ]);
}

async function readSpeeds(ctx: Ctx): Promise<Map<string, ModelSpeed>> {
  const since = new Date(ctx.clock.now() - SPEED_SINCE_MS);
  const [{ rows }] = await ctx.read((q) => [selectSpeeds(q, ctx.organizationId, since)]);
  return new Map(
    rows.map(({ model, measurements, median_ms: medianMs }) => [model, { medianMs, measurements }]),
  );
}

const readRates = async (ctx: Ctx, models: readonly AiModel[]): Promise<Map<string, ModelRates>> =>
  new Map(
    await Promise.all(
      models.map(async (model) => [model.id, await ctx.ports.modelPrices.find(ctx, model)] as const),
    ),
  );

/** The facts that are known before prices and speeds are read. */
function firstFacts(ctx: Ctx, input: CreateGeneration, ground: AskGround): Omit<RouteFacts, 'breakers'> {
  const customModels = customModelsOf(ground.keys);
  const preferences = combinePreferences(ground.preferences);
  const { hedgeAfterSeconds } = input;
  return {
    policy: input.policy ?? null,
    named: namedModels(input, customModels),
    catalogue: [...AI_MODELS, ...customModels],
    needs: {
      capabilities: neededCapabilities(input),
      likelyInputTokens: Math.ceil(mostInputTokens(chatRequestOf(input)) / LIKELY_BYTES_OF_TOKEN),
      outputTokens: input.maxOutputTokens,
    },
    preferences,
    keyOwners: keyOwnersOf(ctx, ground),
    hasPlatformModels: ground.hasPlatformModels,
    hasBudget: ground.budget !== undefined,
    mostMicros: new Map(),
    speeds: new Map(),
    today: new Date(ctx.clock.now()).toISOString().slice(0, 10),
    hedgeAfterSeconds: hedgeAfterSeconds === undefined ? preferences.hedgeAfterSeconds : hedgeAfterSeconds,
  };
}

/**
 * Reads the facts for a decision, and decides. No provider is asked.
 * @param breakers left out when the live object that asks checks them
 * @throws AppError `ai.model_not_found`
 */
export async function findRoute(
  ctx: Ctx,
  input: CreateGeneration,
  ground: AskGround,
  breakers: RouteFacts['breakers'] = new Map(),
): Promise<FoundRoute> {
  const facts = { ...firstFacts(ctx, input, ground), breakers };
  const { policy, preferences } = facts;
  const needsPrices = policy !== null || facts.hasBudget || preferences.mostMicros !== null;
  const needsSpeeds = policy === 'fastest' || (policy === 'preferred' && preferences.policy === 'fastest');
  const possible = modelsOf(facts).filter((model) => reasonsBeforePrice(facts, model).length === 0);
  const [rates, speeds] = await Promise.all([
    needsPrices ? readRates(ctx, possible) : new Map<string, ModelRates>(),
    needsSpeeds ? readSpeeds(ctx) : new Map<string, ModelSpeed>(),
  ]);
  const request = chatRequestOf(input);
  const mostMicros = new Map(
    Array.from(rates, ([id, each]) => [id, worstCostMicros(request, each)] as const),
  );
  return { decision: decideRoute({ ...facts, mostMicros, speeds }), rates };
}
