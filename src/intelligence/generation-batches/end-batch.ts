import { countIncluded, type IncludedUse } from '../../calls/included-use/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Generation,
  type GenerationFailure,
  generationEnded,
  insertGeneration,
  NO_USAGE,
  tokensOf,
} from '../generations/index.ts';
import { costMicros, TOKEN_METERS } from '../models/index.ts';
import type { BatchResult, TokenUsage } from '../providers/index.ts';
import { batchEnded } from './generation-batches.events.ts';
import { changeBatch, selectRequests, updateRequest } from './generation-batches.queries.ts';
import { associatedDataOf, countResults, generationOf } from './generation-batches.rules.ts';
import type { Batch, BatchRequestRow } from './generation-batches.tables.ts';

const usageOf = (result: BatchResult): TokenUsage => (result.kind === 'succeeded' ? result.usage : NO_USAGE);

/** What counts against the budget: without readable figures, the most that the request could cost. */
async function chargeOf(ctx: Ctx, batch: Batch, { model, mostMicros }: BatchRequestRow, result: BatchResult) {
  if (result.kind === 'unreadable') return mostMicros ?? 0;
  const rates = await ctx.ports.modelPrices.findOfBatch(ctx, { id: model, provider: batch.provider });
  const cost = costMicros(tokensOf(usageOf(result)), rates);
  return cost === null ? (mostMicros ?? 0) : Number(cost);
}

/** The tokens of all results, by meter. */
const usesOf = (results: readonly BatchResult[]): IncludedUse[] =>
  TOKEN_METERS.map((meter) => ({
    meter,
    quantity: results.reduce((sum, result) => sum + tokensOf(usageOf(result))[meter], 0),
  }));

const readRequests = async (ctx: Ctx, { organizationId, id }: Batch): Promise<BatchRequestRow[]> =>
  (await ctx.read((q) => [selectRequests(q, organizationId, id)]))[0];

/** The row of a request with its result; its answer is encrypted. */
async function settledRow(
  ctx: Ctx,
  row: BatchRequestRow,
  result: BatchResult,
  generationId: string,
): Promise<Partial<BatchRequestRow>> {
  const hasOutput = result.kind === 'succeeded';
  return {
    status: result.kind,
    generationId,
    stopReason: hasOutput ? result.stopReason : null,
    errorType: result.kind === 'errored' ? result.errorType : null,
    errorMessage: result.kind === 'errored' ? result.message : null,
    sealedOutput: hasOutput
      ? await ctx.vault.encrypt(JSON.stringify(result.output), associatedDataOf(row))
      : null,
  };
}

interface EndedRequest {
  row: BatchRequestRow;
  result: BatchResult;
  generation: Generation;
  set: Partial<BatchRequestRow>;
  charge: number;
}

/** The requests with their results. @param found by the ids of the requests; those without one are `unreadable` */
async function settleRequests(
  ctx: Ctx,
  batch: Batch,
  found: ReadonlyMap<string, BatchResult>,
): Promise<EndedRequest[]> {
  const now = new Date(ctx.clock.now());
  const rows = await readRequests(ctx, batch);
  return Promise.all(
    rows.map(async (row) => {
      const result: BatchResult = found.get(row.customId) ?? { kind: 'unreadable' };
      const id = ctx.ids.create('generation');
      const generation = generationOf(batch, row, result, { id, now });
      const charge = batch.isReserved ? await chargeOf(ctx, batch, row, result) : 0;
      return { row, result, generation, charge, set: await settledRow(ctx, row, result, id) };
    }),
  );
}

/**
 * Stores the results of a batch, once: each is a generation, and its usage is counted from then on.
 * @throws AppError `request.stale` when something else has changed it
 */
export async function endBatch(
  ctx: Ctx,
  batch: Batch,
  found: ReadonlyMap<string, BatchResult>,
): Promise<void> {
  const { organizationId, id: batchId, createdAt: at } = batch;
  const ended = await settleRequests(ctx, batch, found);
  const results = ended.map(({ result }) => result);
  const spent = ended.reduce((sum, { charge }) => sum + charge, 0);
  if (batch.isReserved) await ctx.ports.budgets.settle(organizationId, batchId, spent);
  const set = { resultCounts: countResults(results), nextPollAt: null, endedAt: new Date(ctx.clock.now()) };
  await ctx.commit({
    write: (q) => [
      changeBatch(q, batch, { status: 'ended', failure: null, ...set }),
      ...ended.map(({ generation }) => insertGeneration(q, generation)),
      ...ended.map((each) => updateRequest(q, each.row, each.set)),
      ...(batch.ownKey ? [] : [countIncluded(q, { organizationId, at }, usesOf(results), batchId)]),
    ],
    events: [
      batchEnded.of({ batchId, status: 'ended' }),
      ...ended.map(({ generation: { id: generationId, status } }) =>
        generationEnded.of({ generationId, status }),
      ),
    ],
    result: undefined,
  });
}

/**
 * Ends a batch without results.
 * @param isCharged whether its provider may charge for it: then all that was reserved counts as spent
 * @throws AppError `request.stale` when something else has changed it
 */
export async function failBatch(
  ctx: Ctx,
  batch: Batch,
  failure: GenerationFailure,
  isCharged: boolean,
): Promise<void> {
  const { organizationId, id: batchId, createdAt: at } = batch;
  const rows = await readRequests(ctx, batch);
  const most = rows.reduce((sum, { mostMicros }) => sum + (mostMicros ?? 0), 0);
  if (batch.isReserved) await ctx.ports.budgets.settle(organizationId, batchId, isCharged ? most : 0);
  await ctx.commit({
    write: (q) => [
      changeBatch(q, batch, {
        status: 'failed',
        failure,
        nextPollAt: null,
        endedAt: new Date(ctx.clock.now()),
      }),
      ...rows.map((row) => updateRequest(q, row, { status: 'unreadable' })),
      ...(batch.ownKey ? [] : [countIncluded(q, { organizationId, at }, [], batchId)]),
    ],
    events: [batchEnded.of({ batchId, status: 'failed' })],
    result: undefined,
  });
}
