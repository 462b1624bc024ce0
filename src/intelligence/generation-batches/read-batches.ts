import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requestErrors,
  requirePermission,
} from '../../kernel/core/index.ts';
import { askerOf, type Generation, isAsker } from '../generations/index.ts';
import type { ChatPart } from '../providers/index.ts';
import { batchErrors } from './generation-batches.errors.ts';
import { selectAiBatch, selectBatchesOf, selectResults } from './generation-batches.queries.ts';
import { associatedDataOf } from './generation-batches.rules.ts';
import type { Batch, BatchRequestRow } from './generation-batches.tables.ts';

/** A request of a batch with the generation that records its result, and its answer. */
export interface ReadResult {
  request: BatchRequestRow;
  generation: Generation | null;
  output: readonly ChatPart[] | null;
}

/** The batches of the caller, the newest first. @throws AppError `auth.forbidden` without `ai:read` */
export async function listBatches(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<Batch>> {
  requirePermission(ctx.actor, 'ai:read');
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectBatchesOf(q, ctx.organizationId, askerOf(ctx.actor), page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** A batch of the caller; only they may read it. @throws AppError `ai_batches.not_found` */
export async function getBatch(ctx: Ctx, batchId: string): Promise<Batch> {
  requirePermission(ctx.actor, 'ai:read');
  const [[row]] = await ctx.read((q) => [selectAiBatch(q, ctx.organizationId, batchId)]);
  return requireOwn(ctx, row);
}

/** @throws AppError `ai_batches.not_found` for the batch of another caller */
function requireOwn(ctx: Ctx, row: Batch | undefined): Batch {
  if (!row || !isAsker(row, askerOf(ctx.actor))) throw batchErrors.notFound();
  return row;
}

/** An answer that can no longer be decrypted is missing, and its request still shows how it ended. */
async function openOutput(ctx: Ctx, request: BatchRequestRow): Promise<readonly ChatPart[] | null> {
  if (request.sealedOutput === null) return null;
  try {
    const text = await ctx.vault.decrypt(request.sealedOutput, associatedDataOf(request));
    return JSON.parse(text) as ChatPart[];
  } catch (error) {
    ctx.log.warn('ai.answer_not_opened', { batchId: request.batchId, error });
    return null;
  }
}

function readPosition(cursor: string | undefined): number {
  const text = readCursor(cursor) ?? '0';
  if (!/^\d{1,9}$/.test(text)) throw requestErrors.invalidCursor();
  return Number(text);
}

/** The requests of a batch with their results, in their order. @throws AppError `ai_batches.not_found` */
export async function listBatchResults(
  ctx: Ctx,
  batchId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<ReadResult>> {
  requirePermission(ctx.actor, 'ai:read');
  const [[batch], rows] = await ctx.read((q) => [
    selectAiBatch(q, ctx.organizationId, batchId),
    selectResults(q, ctx.organizationId, batchId, { after: readPosition(cursor), limit }),
  ]);
  requireOwn(ctx, batch);
  const { data, nextCursor } = pageOf(rows, limit, ({ request }) => String(request.position));
  const opened = data.map(async (each) => ({ ...each, output: await openOutput(ctx, each.request) }));
  return { data: await Promise.all(opened), nextCursor };
}
