import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { type AskGround, readGround } from '../ask-authority/index.ts';
import type { CreateGeneration } from '../generation-requests/index.ts';
import { type Breaker, breakerStateOf } from '../model-breakers/index.ts';
import { findRoute } from './find-route.ts';
import { requireAnswerable } from './require-route.rules.ts';
import type { BreakerSight, RouteDecision } from './routing.rules.ts';

/** The breakers of all models, each for the key with which the model would be asked. */
async function readBreakers(ctx: Ctx, { keys }: AskGround): Promise<Map<string, BreakerSight>> {
  const nowMs = ctx.clock.now();
  const breakers = await ctx.ports.modelBreakers.read(ctx.organizationId);
  const isOfKey = ({ provider, keyId }: Breaker) =>
    keyId === (keys.find((key) => key.provider === provider)?.id ?? null);
  return new Map(
    breakers
      .filter(isOfKey)
      .map((each) => [each.model, { state: breakerStateOf(each, nowMs), untilMs: each.openUntilMs }]),
  );
}

/**
 * The models that a request would ask, and why not the others; none is asked.
 * @throws AppError `ai.model_not_found`, `request.invalid`, or `auth.forbidden` without `ai:read`
 */
export async function explainRoute(ctx: Ctx, input: CreateGeneration): Promise<RouteDecision> {
  requirePermission(ctx.actor, 'ai:read');
  requireAnswerable(input);
  const ground = await readGround(ctx);
  const { decision } = await findRoute(ctx, input, ground, await readBreakers(ctx, ground));
  return decision;
}
