import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { memoryErrors } from './memory.errors.ts';
import { selectMemories, selectMemory } from './memory.queries.ts';
import { type Memory, type MemoryReader, memoryReaderOf, toMemory } from './memory.rules.ts';
import type { ListMemories } from './memory.schemas.ts';

/** @throws AppError `auth.forbidden` */
export function requireReader({ actor, organizationId, clock }: Ctx): MemoryReader {
  requirePermission(actor, 'memories:read');
  return memoryReaderOf(actor, organizationId, new Date(clock.now()));
}

/** @throws AppError `memories.not_found`, also for one that does not show to the caller; `auth.forbidden` */
export async function getMemory(ctx: Ctx, memoryId: string): Promise<Memory> {
  const reader = requireReader(ctx);
  const [[found]] = await ctx.read((q) => [selectMemory(q, reader, memoryId)]);
  if (!found) throw memoryErrors.notFound();
  return toMemory(found);
}

/** The memories that the caller may see, the newest first. @throws AppError `auth.forbidden` */
export async function listMemories(
  ctx: Ctx,
  { limit, cursor, ...filter }: ListMemories,
): Promise<Page<Memory>> {
  const reader = requireReader(ctx);
  const before = readCursor(cursor);
  const [rows] = await ctx.read((q) => [selectMemories(q, reader, filter, { before, limit })]);
  return pageOf(rows.map(toMemory), limit, ({ memory }) => memory.id);
}
