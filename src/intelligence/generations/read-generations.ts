import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { generationErrors } from './generations.errors.ts';
import type { GenerationAnswer } from './generations.ports.ts';
import { selectGeneration, selectGenerationsOf } from './generations.queries.ts';
import { askerOf, endedRow, isAsker } from './generations.rules.ts';
import type { Generation } from './generations.tables.ts';

/** The generations of the caller, the newest first. @throws AppError `auth.forbidden` without `ai:read` */
export async function listGenerations(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<Generation>> {
  requirePermission(ctx.actor, 'ai:read');
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [
    selectGenerationsOf(q, ctx.organizationId, askerOf(ctx.actor), page),
  ]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** A generation of the caller; only they may read the answer. @throws AppError `ai.generation_not_found` */
export async function findOwnGeneration(ctx: Ctx, generationId: string): Promise<Generation> {
  requirePermission(ctx.actor, 'ai:read');
  const [[row]] = await ctx.read((q) => [selectGeneration(q, ctx.organizationId, generationId)]);
  if (!row || !isAsker(row, askerOf(ctx.actor))) throw generationErrors.generationNotFound();
  return row;
}

/** With its answer so far. @throws AppError `ai.generation_not_found` */
export async function getGeneration(
  ctx: Ctx,
  generationId: string,
): Promise<{ row: Generation; answer: GenerationAnswer | null }> {
  const row = await findOwnGeneration(ctx, generationId);
  const answer = await ctx.ports.liveGenerations.answer({ organizationId: ctx.organizationId, generationId });
  // Its live object is the first to know how it ended.
  const outcome = row.status === 'running' ? answer?.outcome : null;
  return { row: outcome ? { ...row, ...endedRow(outcome) } : row, answer };
}

/**
 * The events after one, as they come.
 * @throws AppError `ai.generation_not_found`, or `ai.events_gone` when the answer is not kept any more
 */
export async function followGeneration(
  ctx: Ctx,
  generationId: string,
  after: number,
): Promise<ReadableStream<Uint8Array>> {
  await findOwnGeneration(ctx, generationId);
  const events = await ctx.ports.liveGenerations.events(
    { organizationId: ctx.organizationId, generationId },
    after,
  );
  if (!events) throw generationErrors.eventsGone();
  return events;
}
