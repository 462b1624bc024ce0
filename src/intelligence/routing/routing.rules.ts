import type { EffectivePreferences } from '../ai-preferences/index.ts';
import type { RoutePolicy } from '../generation-requests/index.ts';
import { hedgeOf } from './hedge.rules.ts';
import { type AiModel, hasCapability, type ModelCapability } from '../models/index.ts';
import type { BreakerState } from '../model-breakers/index.ts';
import type { PassedOver } from './routing.enums.ts';

/** Most models that are asked for one answer. */
const MAX_CANDIDATES = 6;
/** Fewer measurements do not count. */
const MIN_MEASUREMENTS = 5;

/** The recent time until a model began to answer. */
export interface ModelSpeed {
  medianMs: number;
  measurements: number;
}

/** The state of a breaker at the moment of a decision. */
export interface BreakerSight {
  state: BreakerState;
  untilMs: number | null;
}

/** The needs of a request that a model must meet. */
export interface RouteNeeds {
  capabilities: readonly ModelCapability[];
  likelyInputTokens: number;
  outputTokens: number;
}

/** The owner of the key with which a provider is asked. */
export type KeyOwner = 'organization' | 'platform';

/** All facts for the decision about a route. */
export interface RouteFacts {
  /** Null when models are named. */
  policy: RoutePolicy | null;
  /** The models of a request that names them, in its order. */
  named: readonly AiModel[];
  catalogue: readonly AiModel[];
  needs: RouteNeeds;
  preferences: EffectivePreferences;
  /** For each provider with a key. */
  keyOwners: ReadonlyMap<string, KeyOwner>;
  hasPlatformModels: boolean;
  hasBudget: boolean;
  /**
   * The most that an answer can cost, by model; null when it is unknown. Models that are excluded for other reasons
   * are missing.
   */
  mostMicros: ReadonlyMap<string, bigint | null>;
  speeds: ReadonlyMap<string, ModelSpeed>;
  /** By model, for the key with which it is asked. Without them, the live object checks the breakers before it asks. */
  breakers: ReadonlyMap<string, BreakerSight>;
  /** ISO 8601. */
  today: string;
  /** Seconds without output after which a second model shall be asked; null: never. */
  hedgeAfterSeconds: number | null;
}

/** A model that was considered: its number among those that are asked, or why it is not asked. */
export interface ConsideredModel {
  model: AiModel;
  keyOwner: KeyOwner | null;
  /** From 1; null when it is excluded. */
  position: number | null;
  reasons: readonly PassedOver[];
  mostMicros: bigint | null;
  speed: ModelSpeed | null;
  breaker: BreakerSight | null;
}

export interface RouteDecision {
  policy: RoutePolicy | null;
  /**
   * For `fastest`: whether enough was measured; otherwise it was decided as for `preferred`, then by price. Null for
   * all other policies.
   */
  isMeasured: boolean | null;
  /** The models that are asked come first. */
  considered: readonly ConsideredModel[];
  /** Seconds without output after which the next model is asked in addition; null: never. */
  hedgeAfterSeconds: number | null;
}

/** Why a model cannot be asked, whatever its price. */
export function reasonsBeforePrice(facts: RouteFacts, model: AiModel): PassedOver[] {
  const { needs, preferences, keyOwners, today } = facts;
  const owner = keyOwners.get(model.provider);
  const isChosen = facts.policy !== null;
  const reasons: [boolean, PassedOver][] = [
    [!preferences.allows(model.id), 'not_allowed'],
    [needs.capabilities.some((each) => !hasCapability(model, each)), 'not_able'],
    // If the request names the model, its provider decides.
    [isChosen && needs.likelyInputTokens + needs.outputTokens > model.contextTokens, 'context_too_small'],
    [needs.outputTokens > model.maxOutputTokens, 'output_too_small'],
    [isChosen && model.endsOn !== null && model.endsOn <= today, 'ended'],
    [owner === undefined, 'no_key'],
    [owner === 'platform' && !facts.hasPlatformModels, 'not_in_plan'],
    [facts.breakers.get(model.id)?.state === 'open', 'breaker_open'],
  ];
  return reasons.flatMap(([applies, reason]) => (applies ? [reason] : []));
}

/** Why its price excludes a model. An unknown price counts as higher than any other. */
function reasonOfPrice(facts: RouteFacts, model: AiModel): PassedOver[] {
  const limit = facts.preferences.mostMicros;
  const most = facts.mostMicros.get(model.id) ?? null;
  const isLimited = limit !== null || (facts.hasBudget && facts.keyOwners.get(model.provider) === 'platform');
  if (most === null) return isLimited ? ['price_unknown'] : [];
  return limit !== null && most > BigInt(limit) ? ['too_dear'] : [];
}

/**
 * The models to choose from. A policy considers all; `preferred` considers all only when the preferences have a
 * policy, too.
 */
export function modelsOf({ policy, named, catalogue, preferences }: RouteFacts): readonly AiModel[] {
  if (policy === null) return named;
  if (policy !== 'preferred' || preferences.policy !== null) return catalogue;
  return catalogue.filter(({ id }) => preferences.defaultModels.includes(id));
}

/** Models in the order in which they are asked, and those that a policy leaves out. */
interface Ranking {
  ordered: readonly ConsideredModel[];
  leftOut?: PassedOver;
  isMeasured?: boolean;
}

const compareNumbers = (a: bigint | number, b: bigint | number) => (a < b ? -1 : Number(a > b));

const rankByPrice = (models: readonly ConsideredModel[]): Ranking => ({
  ordered: models
    .filter(({ mostMicros }) => mostMicros !== null)
    .toSorted((a, b) => compareNumbers(a.mostMicros!, b.mostMicros!)),
  leftOut: 'price_unknown',
});

function rankByDefault(
  models: readonly ConsideredModel[],
  { defaultModels }: EffectivePreferences,
  rest: (models: readonly ConsideredModel[]) => Ranking,
): Ranking {
  const first = defaultModels.flatMap((id) => models.filter(({ model }) => model.id === id));
  const ranking = rest(models.filter((each) => !first.includes(each)));
  return { ...ranking, ordered: [...first, ...ranking.ordered] };
}

function rankBySpeed(models: readonly ConsideredModel[], preferences: EffectivePreferences): Ranking {
  const measured = models.filter(({ speed }) => speed && speed.measurements >= MIN_MEASUREMENTS);
  if (measured.length === 0) return { ...rankByDefault(models, preferences, rankByPrice), isMeasured: false };
  return {
    ordered: measured.toSorted((a, b) => compareNumbers(a.speed!.medianMs, b.speed!.medianMs)),
    leftOut: 'not_measured',
    isMeasured: true,
  };
}

function rank({ policy, preferences }: RouteFacts, models: readonly ConsideredModel[]): Ranking {
  if (policy === null) return { ordered: models };
  if (policy === 'cheapest') return rankByPrice(models);
  if (policy === 'fastest') return rankBySpeed(models, preferences);
  return rankByDefault(models, preferences, (others) =>
    preferences.policy === 'fastest' ? rankBySpeed(others, preferences) : rankByPrice(others),
  );
}

/** Decides which models are asked, in which order, and why all others are excluded. */
export function decideRoute(facts: RouteFacts): RouteDecision {
  const looked = modelsOf(facts).map((model): ConsideredModel => {
    const before = reasonsBeforePrice(facts, model);
    return {
      model,
      keyOwner: facts.keyOwners.get(model.provider) ?? null,
      position: null,
      reasons: before.length > 0 ? before : reasonOfPrice(facts, model),
      mostMicros: facts.mostMicros.get(model.id) ?? null,
      speed: facts.speeds.get(model.id) ?? null,
      breaker: facts.breakers.get(model.id) ?? null,
    };
  });
  const possible = looked.filter(({ reasons }) => reasons.length === 0);
  const { ordered, leftOut, isMeasured = null } = rank(facts, possible);
  const withReason = (models: readonly ConsideredModel[], reason: PassedOver): ConsideredModel[] =>
    models.map((each) => ({ ...each, reasons: [reason] }));
  const taken = ordered.slice(0, MAX_CANDIDATES);
  return {
    policy: facts.policy,
    isMeasured,
    hedgeAfterSeconds: hedgeOf(facts, taken),
    considered: [
      ...taken.map((each, index) => ({ ...each, position: index + 1 })),
      ...withReason(ordered.slice(MAX_CANDIDATES), 'chain_full'),
      ...withReason(leftOut ? possible.filter((each) => !ordered.includes(each)) : [], leftOut!),
      ...looked.filter(({ reasons }) => reasons.length > 0),
    ],
  };
}
