import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { liveBudgetOf, selectBudget } from '../ai-budgets/index.ts';
import { generationErrors } from './generations.errors.ts';
import { selectRunning } from './generations.queries.ts';
import { findOwnGeneration } from './read-generations.ts';

/** Ends a generation of the caller. @throws AppError `ai.generation_not_found` or `ai.not_running` */
export async function cancelGeneration(ctx: Ctx, generationId: string): Promise<void> {
  requirePermission(ctx.actor, 'ai:write');
  await findOwnGeneration(ctx, generationId);
  if (
    !(await ctx.ports.liveGenerations.cancel(
      { organizationId: ctx.organizationId, generationId },
      'cancelled',
    ))
  )
    throw generationErrors.notRunning();
}

/** The largest number of generations that a plan allows at once on keys of the platform. */
const MAX_CUT = 1_000;

/**
 * After a change of the budget: when it does not cover present spending and reservations, all generations within it
 * end.
 */
export async function cutGenerations(ctx: Ctx): Promise<void> {
  const { organizationId } = ctx;
  const [[budget], running] = await ctx.read((q) => [
    selectBudget(q, organizationId),
    selectRunning(q, organizationId, MAX_CUT),
  ]);
  if (!budget || running.length === 0) return;
  const { spent, held, limit } = await ctx.ports.budgets.read(
    organizationId,
    liveBudgetOf(budget, ctx.clock.now()),
  );
  if (spent + held <= limit) return;
  const { liveGenerations } = ctx.ports;
  await Promise.all(
    running.map(({ id: generationId }) =>
      liveGenerations.cancel({ organizationId, generationId }, 'out_of_budget'),
    ),
  );
}
