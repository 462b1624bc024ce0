import { presentMoney } from '../../kernel/money/index.ts';
import type { ConsideredModel, RouteDecision } from './routing.rules.ts';
import type { RouteExplanation } from './routing.schemas.ts';

const presentConsidered = ({
  model,
  keyOwner,
  position,
  reasons,
  mostMicros,
  speed,
  breaker,
}: ConsideredModel) => ({
  provider: model.provider,
  model: model.id,
  position,
  reasons: [...reasons],
  ownKey: keyOwner && keyOwner === 'organization',
  maxPrice: mostMicros === null ? null : presentMoney(mostMicros),
  firstOutputSeconds: speed && speed.medianMs / 1000,
  breaker: {
    state: breaker?.state ?? ('closed' as const),
    retryAt: breaker?.untilMs ? new Date(breaker.untilMs).toISOString() : null,
  },
  measurements: speed?.measurements ?? 0,
});

export const presentDecision = ({
  policy,
  isMeasured,
  hedgeAfterSeconds,
  considered,
}: RouteDecision): RouteExplanation => ({
  policy,
  isMeasured,
  hedgeAfterSeconds,
  considered: considered.map(presentConsidered),
});
