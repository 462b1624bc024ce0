import type { EffectivePreferences } from '../ai-preferences/index.ts';
import type { RoutePolicy } from '../generation-requests/index.ts';
import { type AiModel, hasCapability, type ModelCapability } from '../models/index.ts';
import type { BreakerState } from '../model-breakers/index.ts';
import type { PassedOver } from './routing.enums.ts';

/** Most models that are asked for one answer. */
const MAX_CANDIDATES = 6;
/** Fewer measurements say nothing. */
const MIN_MEASUREMENTS = 5;

/** How soon a model began to answer lately. */
export interface ModelSpeed {
  medianMs: number;
  measurements: number;
}

/** A breaker as it is at the moment of a decision. */
export interface BreakerSight {
  state: BreakerState;
  untilMs: number | null;
}

/** What a request needs of a model. */
export interface RouteNeeds {
  capabilities: readonly ModelCapability[];
  likelyInputTokens: number;
  outputTokens: number;
}

/** With whose key a provider is asked. */
export type KeyOwner = 'organization' | 'platform';

/** All that a route is decided on. */
export interface RouteFacts {
  /** Null where models are named. */
  policy: RoutePolicy | null;
  /** The models of a request that names them, in its order. */
  named: readonly AiModel[];
  catalogue: readonly AiModel[];
  needs: RouteNeeds;
  preferences: EffectivePreferences;
  /** Of each provider that there is a key for. */
  keyOwners: ReadonlyMap<string, KeyOwner>;
  hasPlatformModels: boolean;
  hasBudget: boolean;
  /** The most that an answer can cost, by model; null: not known. Of models that are passed over for other reasons it is not there. */
  mostMicros: ReadonlyMap<string, bigint | null>;
  speeds: ReadonlyMap<string, ModelSpeed>;
  /** By model, with the key with which it is asked. Where they are not there, the live object looks at them before it asks. */
  breakers: ReadonlyMap<string, BreakerSight>;
  /** ISO 8601. */
  today: string;
}

/** A model that was looked at: its place among those that are asked, or why it is not. */
export interface ConsideredModel {
  model: AiModel;
  keyOwner: KeyOwner | null;
  /** From 1; null when it is passed over. */
  position: number | null;
  reasons: readonly PassedOver[];
  mostMicros: bigint | null;
  speed: ModelSpeed | null;
  breaker: BreakerSight | null;
}

export interface RouteDecision {
  policy: RoutePolicy | null;
  /** For `fastest`: whether enough was measured; otherwise it was decided as for `preferred`, then by price. Null for all others. */
  isMeasured: boolean | null;
  /** Those that are asked first. */
  considered: readonly ConsideredModel[];
}

/** Why a model cannot be asked, whatever it costs. */
export function reasonsBeforePrice(facts: RouteFacts, model: AiModel): PassedOver[] {
  const { needs, preferences, keyOwners, today } = facts;
  const owner = keyOwners.get(model.provider);
  const isChosen = facts.policy !== null;
  const reasons: [boolean, PassedOver][] = [
    [!preferences.allows(model.id), 'not_allowed'],
    [needs.capabilities.some((each) => !hasCapability(model, each)), 'not_able'],
    // Of one that is named its provider decides.
    [isChosen && needs.likelyInputTokens + needs.outputTokens > model.contextTokens, 'context_too_small'],
    [needs.outputTokens > model.maxOutputTokens, 'output_too_small'],
    [isChosen && model.endsOn !== null && model.endsOn <= today, 'ended'],
    [owner === undefined, 'no_key'],
    [owner === 'platform' && !facts.hasPlatformModels, 'not_in_plan'],
    [facts.breakers.get(model.id)?.state === 'open', 'breaker_open'],
  ];
  return reasons.flatMap(([applies, reason]) => (applies ? [reason] : []));
}

/** Why its price keeps it from being asked. An unknown price is more than any. */
function reasonOfPrice(facts: RouteFacts, model: AiModel): PassedOver[] {
  const limit = facts.preferences.mostMicros;
  const most = facts.mostMicros.get(model.id) ?? null;
  const isLimited = limit !== null || (facts.hasBudget && facts.keyOwners.get(model.provider) === 'platform');
  if (most === null) return isLimited ? ['price_unknown'] : [];
  return limit !== null && most > BigInt(limit) ? ['too_dear'] : [];
}

/** Which models there are to choose from. A policy looks at all, `preferred` at all only when its preferences have a policy, too. */
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

/** Decides which models are asked, in which order, and why all others are not. */
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
  return {
    policy: facts.policy,
    isMeasured,
    considered: [
      ...ordered.slice(0, MAX_CANDIDATES).map((each, index) => ({ ...each, position: index + 1 })),
      ...withReason(ordered.slice(MAX_CANDIDATES), 'chain_full'),
      ...withReason(leftOut ? possible.filter((each) => !ordered.includes(each)) : [], leftOut!),
      ...looked.filter(({ reasons }) => reasons.length > 0),
    ],
  };
}

/** Those that are asked. */
export const takenOf = ({ considered }: RouteDecision): readonly ConsideredModel[] =>
  considered.filter(({ position }) => position !== null);
