import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { liveBudgetOf, selectBudget } from '../ai-budgets/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { openProvider } from './batch-provider.ts';
import type { BatchCancelReason } from './generation-batches.enums.ts';
import { batchErrors } from './generation-batches.errors.ts';
import { changeBatch, deleteBatchRow, selectRunningBatches } from './generation-batches.queries.ts';
import { batchTarget } from './generation-batches.rules.ts';
import type { Batch } from './generation-batches.tables.ts';
import { getBatch } from './read-batches.ts';

/** Marks a batch as being cancelled; the next sweep asks its provider, until it has ended. */
function markCanceling(ctx: Ctx, batch: Batch, cancelReason: BatchCancelReason): Promise<Batch> {
  const set = { status: 'canceling' as const, cancelReason, nextPollAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeBatch(q, batch, set)],
    audit: { action: 'ai_batch.canceled', target: batchTarget(batch.id), after: { cancelReason } },
    result: { ...batch, ...set, version: batch.version + 1 },
  });
}

/** Cancels a batch of the caller. @throws AppError `ai_batches.not_found` or `.not_running` */
export async function cancelBatch(ctx: Ctx, batchId: string): Promise<Batch> {
  requirePermission(ctx.actor, 'ai:write');
  const batch = await getBatch(ctx, batchId);
  if (batch.status !== 'running') throw batchErrors.notRunning();
  return markCanceling(ctx, batch, 'cancelled');
}

/**
 * Deletes a batch of the caller with its answers, also at its provider, which else keeps them for a while.
 * @throws AppError `ai_batches.not_found` or `.not_ended`
 */
export async function deleteBatch(ctx: Ctx, batchId: string): Promise<void> {
  requirePermission(ctx.actor, 'ai:write');
  const batch = await getBatch(ctx, batchId);
  if (batch.endedAt === null) throw batchErrors.notEnded();
  await ctx.commit({
    write: (q) => [deleteBatchRow(q, batch)],
    audit: { action: 'ai_batch.deleted', target: batchTarget(batchId) },
    result: undefined,
  });
  if (batch.providerBatchId === null) return;
  try {
    const { batches, key } = await openProvider(ctx, batch);
    await batches.delete(batch.providerBatchId, key);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    ctx.log.warn('ai.batch_not_deleted', { batchId, failure: error.kind });
  }
}

async function cancelRunning(
  ctx: Ctx,
  reason: BatchCancelReason,
  isMeant: (batch: Batch) => boolean,
): Promise<void> {
  const [running] = await ctx.read((q) => [selectRunningBatches(q, ctx.organizationId)]);
  for (const batch of running.filter(isMeant)) await markCanceling(ctx, batch, reason);
}

/** After a change of the budget: batches end when it does not cover what is spent and reserved. */
export async function cutBatches(ctx: Ctx): Promise<void> {
  const { organizationId } = ctx;
  const [[budget]] = await ctx.read((q) => [selectBudget(q, organizationId)]);
  if (!budget) return;
  const { spent, held, limit } = await ctx.ports.budgets.read(
    organizationId,
    liveBudgetOf(budget, ctx.clock.now()),
  );
  if (spent + held > limit) await cancelRunning(ctx, 'out_of_budget', ({ ownKey }) => !ownKey);
}

/** The organization was deleted. */
export const endBatchesOfOrganization = (ctx: Ctx): Promise<void> =>
  cancelRunning(ctx, 'access_ended', () => true);
