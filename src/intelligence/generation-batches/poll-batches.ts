import { permissionsOfScopes } from '../../identity/api-keys/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { permits } from '../../kernel/core/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { asMember } from '../ask-authority/index.ts';
import { selectPlatformModels } from '../models/index.ts';
import { type BatchResult, ProviderFailure } from '../providers/index.ts';
import { openProvider } from './batch-provider.ts';
import { endBatch, failBatch } from './end-batch.ts';
import {
  changeBatch,
  deleteOldBatches,
  selectAskingKey,
  selectDueBatches,
} from './generation-batches.queries.ts';
import { CLAIM_MS, isFinal, KEEP_MS, LATEST_MS, pollDelayMs } from './generation-batches.rules.ts';
import type { Batch } from './generation-batches.tables.ts';

const BATCHES_PER_RUN = 20;
const DELETED_PER_RUN = 200;

/** Whether the user or API key that created it may still ask, and the plan includes it. */
async function mayStillAsk(ctx: Ctx, { organizationId, userId, apiKeyId, ownKey }: Batch): Promise<boolean> {
  const now = new Date(ctx.clock.now());
  const [{ rows: keys }, { rows: features }] = await ctx.read((q) => [
    selectAskingKey(q, organizationId, apiKeyId, now),
    selectPlatformModels(q, { organizationId, now }),
  ]);
  if (!ownKey && !features[0]!.included) return false;
  const actor = (await asMember(ctx, userId))?.actor;
  const permissions = [
    ...(actor && 'permissions' in actor ? actor.permissions : []),
    ...keys.flatMap(({ scopes }) => permissionsOfScopes(scopes)),
  ];
  return permits(permissions, 'ai:write');
}

/** Marks that it is being looked at: until then no other sweep does. @throws AppError `request.stale` when one does */
async function claim(ctx: Ctx, batch: Batch): Promise<Batch> {
  const set = { nextPollAt: new Date(ctx.clock.now() + CLAIM_MS) };
  return ctx.commit({
    write: (q) => [changeBatch(q, batch, set)],
    result: { ...batch, ...set, version: batch.version + 1 },
  });
}

const plan = (ctx: Ctx, batch: Batch, set: Partial<Batch>): Promise<void> => {
  const nowMs = ctx.clock.now();
  const nextPollAt = new Date(nowMs + pollDelayMs(nowMs - batch.createdAt.getTime()));
  return ctx.commit({ write: (q) => [changeBatch(q, batch, { nextPollAt, ...set })], result: undefined });
};

/** All results, by the ids of their requests: the first counts where there are two. */
async function readResults(ctx: Ctx, batch: Batch): Promise<Map<string, BatchResult>> {
  const { batches, key } = await openProvider(ctx, batch);
  const found = new Map<string, BatchResult>();
  let strange = 0;
  try {
    for await (const { customId, result } of batches.results(batch.providerBatchId!, key)) {
      if (customId === null || found.has(customId)) strange++;
      else found.set(customId, result);
    }
  } catch (error) {
    if (!(error instanceof ProviderFailure && isFinal(error.kind))) throw error;
    strange++;
  }
  if (strange > 0) ctx.log.warn('ai.batch_results_strange', { batchId: batch.id, strange });
  return found;
}

/** Asks the provider how far it is, and to end it if it is being cancelled. @throws ProviderFailure */
async function look(ctx: Ctx, batch: Batch): Promise<void> {
  const { batches, key } = await openProvider(ctx, batch);
  const batchId = batch.providerBatchId!;
  const { hasEnded } = await batches.read(batchId, key);
  if (hasEnded) return endBatch(ctx, batch, await readResults(ctx, batch));
  const isCut = batch.status === 'running' && !(await mayStillAsk(ctx, batch));
  if (batch.status === 'canceling' || isCut) await batches.cancel(batchId, key);
  await plan(ctx, batch, {
    failure: null,
    ...(isCut ? { status: 'canceling' as const, cancelReason: 'access_ended' as const } : {}),
  });
}

async function pollBatch(ctx: Ctx, due: Batch): Promise<void> {
  const batch = await claim(ctx, due);
  // The request that created it died before its provider answered.
  if (batch.status === 'submitting') return failBatch(ctx, batch, 'interrupted', true);
  try {
    await look(ctx, batch);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    const isOver = ctx.clock.now() >= batch.createdAt.getTime() + LATEST_MS;
    if (isOver || error.kind === 'request_refused') await failBatch(ctx, batch, error.kind, true);
    else await plan(ctx, batch, { failure: error.kind });
  }
}

/** Scheduled each minute: asks the providers of batches that are due. */
export async function pollBatches(services: Services): Promise<SweepOutcome> {
  const now = new Date(services.clock.now());
  const [due] = await services.database.read(systemScope, (q) => [selectDueBatches(q, now, BATCHES_PER_RUN)]);
  return runSweep(services, 'generation_batches.poll', due, pollBatch);
}

/** Scheduled each hour: deletes batches a week after their end, with their answers. */
export async function forgetBatches({ clock, database }: Services): Promise<void> {
  const before = new Date(clock.now() - KEEP_MS);
  await database.commit(systemScope, (q) => [deleteOldBatches(q, before, DELETED_PER_RUN)]);
}
