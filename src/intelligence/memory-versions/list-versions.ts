import type { Ctx } from '../../kernel/context/index.ts';
import { memoryErrors, requireReader, selectMemory, selectVersions } from '../memory/index.ts';

/** The earlier versions of a memory. @throws AppError `memories.not_found` or `auth.forbidden` */
export async function listVersions(ctx: Ctx, memoryId: string) {
  const reader = requireReader(ctx);
  const [[found], versions] = await ctx.read((q) => [
    selectMemory(q, reader, memoryId),
    selectVersions(q, reader.organizationId, memoryId),
  ]);
  if (!found) throw memoryErrors.notFound();
  return versions;
}
