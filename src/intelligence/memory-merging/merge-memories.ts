import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requestErrors, requirePermission } from '../../kernel/core/index.ts';
import {
  getChangeable,
  type Memory,
  memoryErrors,
  type MemoryRow,
  memoryTextChanged,
  requireSwitchedOn,
} from '../memory/index.ts';
import { holdMerged, mergeInto, takeApart } from './memory-merging.queries.ts';

/** For a person's own memory there is no entry. */
const auditOf = (
  action: 'memory.merged' | 'memory.taken_apart',
  { id, scope }: MemoryRow,
  into: string,
): AuditEntry[] => (scope === 'person' ? [] : [{ action, target: { type: 'memory', id }, after: { into } }]);

/**
 * Merges a memory into another one of the same space, which is then found instead, with the sources of both. The
 * caller must be able to change both.
 * @throws AppError `memories.not_found`, `memories.not_mergeable`, `memories.switched_off`, `request.stale` or
 * `auth.forbidden`
 */
export async function mergeMemory(
  ctx: Ctx,
  memoryId: string,
  { into }: { into: string },
  ifMatch: IfMatch,
): Promise<Memory> {
  requirePermission(ctx.actor, 'memories:write');
  const found = await getChangeable(ctx, memoryId, ifMatch);
  const { memory: kept } = await getChangeable(ctx, into, undefined);
  const { memory } = found;
  const { organizationId, userId } = memory;
  return ctx.commit({
    write: (q) => [
      ...(userId === null ? [] : [requireSwitchedOn(q, organizationId, userId)]),
      mergeInto(q, { organizationId, kept, mergedIds: [memory.id] }, memoryErrors.notMergeable),
      holdMerged(q, memory, requestErrors.stale),
    ],
    audit: auditOf('memory.merged', memory, into),
    result: {
      ...found,
      memory: { ...memory, mergedInto: into, keptApart: false, version: memory.version + 1 },
    },
  });
}

/**
 * Undoes a merge: the memory is found again, and is not merged automatically again.
 * @throws AppError `memories.not_found`, `memories.not_merged`, `request.stale` or `auth.forbidden`
 */
export async function unmergeMemory(ctx: Ctx, memoryId: string, ifMatch: IfMatch): Promise<Memory> {
  requirePermission(ctx.actor, 'memories:write');
  const found = await getChangeable(ctx, memoryId, ifMatch);
  const { memory } = found;
  const { organizationId, mergedInto, space } = memory;
  if (mergedInto === null) throw memoryErrors.notMerged();
  return ctx.commit({
    write: (q) => [takeApart(q, memory, requestErrors.stale)],
    audit: auditOf('memory.taken_apart', memory, mergedInto),
    // Its vectors are made again.
    events: [memoryTextChanged.of({ organizationId, space })],
    result: {
      ...found,
      memory: { ...memory, mergedInto: null, keptApart: true, version: memory.version + 1 },
    },
  });
}
