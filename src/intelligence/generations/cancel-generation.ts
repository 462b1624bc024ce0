import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { generationErrors } from './generations.errors.ts';
import { findOwnGeneration } from './read-generations.ts';

/** Ends a generation of the caller. @throws AppError `ai.generation_not_found` or `ai.not_running` */
export async function cancelGeneration(ctx: Ctx, generationId: string): Promise<void> {
  requirePermission(ctx.actor, 'ai:write');
  await findOwnGeneration(ctx, generationId);
  if (!(await ctx.ports.liveGenerations.cancel(generationId))) throw generationErrors.notRunning();
}
