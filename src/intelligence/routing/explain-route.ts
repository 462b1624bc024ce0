import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { readGround } from '../ask-authority/index.ts';
import type { CreateGeneration } from '../generation-requests/index.ts';
import { findRoute } from './find-route.ts';
import { requireAnswerable } from './require-route.rules.ts';
import type { RouteDecision } from './routing.rules.ts';

/**
 * Which models a request would ask, and why not the others; none is asked.
 * @throws AppError `ai.model_not_found`, `request.invalid`, or `auth.forbidden` without `ai:read`
 */
export async function explainRoute(ctx: Ctx, input: CreateGeneration): Promise<RouteDecision> {
  requirePermission(ctx.actor, 'ai:read');
  requireAnswerable(input);
  const { decision } = await findRoute(ctx, input, await readGround(ctx));
  return decision;
}
