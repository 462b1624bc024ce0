import { holdIncluded, type IncludedUse } from '../../calls/included-use/index.ts';
import { asSystem, type Ctx } from '../../kernel/context/index.ts';
import { requirePermission, withTimeout } from '../../kernel/core/index.ts';
import { type AiBudget, liveBudgetOf } from '../ai-budgets/index.ts';
import { type AskGround, holdGround, readGround } from '../ask-authority/index.ts';
import { askerOf, errorOf, generationErrors } from '../generations/index.ts';
import { TOKEN_METERS } from '../models/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { openProvider } from './batch-provider.ts';
import { failBatch } from './end-batch.ts';
import { changeBatch, insertBatch } from './generation-batches.queries.ts';
import {
  batchTarget,
  CLAIM_MS,
  DAY_MS,
  isTaken,
  LATEST_MS,
  pollDelayMs,
} from './generation-batches.rules.ts';
import type { CreateBatch } from './generation-batches.schemas.ts';
import type { Batch, BatchRequestRow } from './generation-batches.tables.ts';
import { planBatch, type PlannedRequest } from './plan-batch.ts';

/** How long a provider may take to accept a batch; the request ends soon after. */
const SUBMIT_MS = 45_000;

const rowOf = (ctx: Ctx, planned: readonly PlannedRequest[], isReserved: boolean): Batch => {
  const nowMs = ctx.clock.now();
  const { provider, key } = planned[0]!.candidate;
  return {
    id: ctx.ids.create('aiBatch'),
    organizationId: ctx.organizationId,
    ...askerOf(ctx.actor),
    provider,
    ownKey: key !== null,
    providerBatchId: null,
    status: 'submitting',
    cancelReason: null,
    failure: null,
    requestCount: planned.length,
    resultCounts: null,
    isReserved,
    // Until then its provider has taken it, or this request has died.
    nextPollAt: new Date(nowMs + CLAIM_MS),
    createdAt: new Date(nowMs),
    endedAt: null,
    version: 1,
  };
};

const requestRows = ({ organizationId, id }: Batch, planned: readonly PlannedRequest[]): BatchRequestRow[] =>
  planned.map(({ customId, candidate, mostMicros }, at) => ({
    organizationId,
    batchId: id,
    position: at + 1,
    customId,
    model: candidate.model,
    mostMicros,
    status: 'waiting',
    stopReason: null,
    errorType: null,
    errorMessage: null,
    generationId: null,
    sealedOutput: null,
  }));

/** The most tokens that all requests can use, by meter. */
const allTokens = (planned: readonly PlannedRequest[]): IncludedUse[] =>
  TOKEN_METERS.map((meter) => ({
    meter,
    quantity: planned
      .flatMap((each) => each.mostTokens.filter((use) => use.meter === meter))
      .reduce((sum, { quantity }) => sum + quantity, 0),
  })).filter(({ quantity }) => quantity > 0);

/** Reserves the most that it can cost, for as long as its provider may take. @throws AppError `ai.out_of_budget` */
async function reserve(ctx: Ctx, budget: AiBudget, { id }: Batch, amount: number): Promise<void> {
  const live = liveBudgetOf(budget, ctx.clock.now());
  const { outcome } = await ctx.ports.budgets.reserve(ctx.organizationId, live, {
    id,
    amount,
    ttlMs: DAY_MS,
  });
  if (outcome === 'refused') throw generationErrors.outOfBudget();
}

/** Stores it, in a commit that proves the caller, the ground and the plan. */
async function storeBatch(
  ctx: Ctx,
  row: Batch,
  planned: readonly PlannedRequest[],
  ground: AskGround,
): Promise<void> {
  const { organizationId, createdAt: now } = row;
  const hold = { holder: row.id, endsAt: new Date(now.getTime() + LATEST_MS) };
  await ctx.commit({
    write: (q) => [
      ...insertBatch(q, row, requestRows(row, planned)),
      ...holdGround(q, { organizationId, now }, ground, {
        isOnPlatformKey: !row.ownKey,
        userId: row.userId,
      }),
      ...(row.ownKey ? [] : [holdIncluded(q, { organizationId, now }, allTokens(planned), hold)]),
    ],
    audit: { action: 'ai_batch.created', target: batchTarget(row.id), after: { provider: row.provider } },
    result: row,
  });
}

/** Sends it to its provider. @throws AppError `ai.*` when the provider does not take it */
async function submit(ctx: Ctx, row: Batch, planned: readonly PlannedRequest[]): Promise<Batch> {
  const { provider, ownKey } = row;
  try {
    const { batches, key } = await openProvider(ctx, row);
    const requests = planned.map(({ asked }) => asked);
    const sight = await withTimeout(
      batches.create(requests, key),
      SUBMIT_MS,
      () => new ProviderFailure(provider, 'stalled'),
    );
    const nextPollAt = new Date(ctx.clock.now() + pollDelayMs(0));
    const set = { status: 'running' as const, providerBatchId: sight.batchId, nextPollAt };
    return await ctx.commit({
      write: (q) => [changeBatch(q, row, set)],
      result: { ...row, ...set, version: row.version + 1 },
    });
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    const { kind, detail = null, retryAfterMs = null } = error;
    await failBatch(ctx, row, kind, isTaken(kind));
    const shown = kind === 'request_refused' ? detail : null;
    throw errorOf({ status: 'failed', failure: kind, ownKey, detail: shown, retryAfterMs });
  }
}

/**
 * Has a provider answer several requests within a day. It is stored first; a batch whose request died before the provider
 * answered fails, because it cannot be known whether the provider has taken it.
 * @throws AppError `ai.*`, `ai_batches.*`, `billing.*`, or `auth.forbidden` without `ai:write`
 */
export async function createBatch(ctx: Ctx, input: CreateBatch): Promise<Batch> {
  requirePermission(ctx.actor, 'ai:write');
  const ground = await readGround(ctx);
  const planned = await planBatch(ctx, input, ground);
  const amounts = planned.flatMap(({ mostMicros }) => mostMicros ?? []);
  const row = rowOf(ctx, planned, amounts.length > 0);
  if (ground.budget && row.isReserved)
    await reserve(
      ctx,
      ground.budget,
      row,
      amounts.reduce((sum, each) => sum + each, 0),
    );
  try {
    await storeBatch(ctx, row, planned, ground);
  } catch (error) {
    if (row.isReserved) await ctx.ports.budgets.release(ctx.organizationId, row.id);
    throw error;
  }
  return submit(asSystem(ctx, 'ai_batches.submit'), row, planned);
}
