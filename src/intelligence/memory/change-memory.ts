import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type IfMatch, requirePermission, requireVersion } from '../../kernel/core/index.ts';
import { memoryErrors } from './memory.errors.ts';
import { memoryTextChanged } from './memory.events.ts';
import { forgetMemory } from './forget.queries.ts';
import { changeMemory, replaceText } from './memory.queries.ts';
import { type Memory, type MemoryRow, requireChangeable, requireFutureExpiry } from './memory.rules.ts';
import { requireSwitchedOn } from './settings.queries.ts';
import type { UpdateMemory } from './memory.schemas.ts';
import { getMemory } from './read-memories.ts';

/** Never what it says; of a person's own memory nothing. */
const auditOf = (
  action: 'memory.corrected' | 'memory.deleted',
  { id, scope, roomId }: MemoryRow,
): AuditEntry[] =>
  scope === 'person' ? [] : [{ action, target: { type: 'memory', id }, before: { scope, roomId } }];

async function getChangeable(ctx: Ctx, memoryId: string, ifMatch: IfMatch): Promise<Memory> {
  requirePermission(ctx.actor, 'memories:write');
  const found = await getMemory(ctx, memoryId);
  requireChangeable(ctx.actor, found.memory);
  requireVersion(found.memory, ifMatch);
  return found;
}

/**
 * Corrects what a memory says, or when it is forgotten. What it said before is kept, with the one who corrected it.
 * @throws AppError `memories.not_found`, `memories.exists`, `memories.expiry_in_past`, `memories.switched_off`, `request.stale` or
 * `auth.forbidden`
 */
export async function updateMemory(
  ctx: Ctx,
  memoryId: string,
  { content, expiresAt }: UpdateMemory,
  ifMatch: IfMatch,
): Promise<Memory> {
  const { memory: before, sources } = await getChangeable(ctx, memoryId, ifMatch);
  const updatedAt = new Date(ctx.clock.now());
  const expiry = expiresAt == null ? expiresAt : new Date(expiresAt);
  requireFutureExpiry(expiry, updatedAt.getTime());
  const isCorrected = content !== undefined && content !== before.content;
  const set = {
    updatedAt,
    ...(expiry === undefined ? {} : { expiresAt: expiry }),
    ...(isCorrected
      ? { content, contentHash: await ctx.hasher.hash('memory', `${before.space}\n${content}`) }
      : {}),
  };
  const memory: MemoryRow = { ...before, ...set, version: before.version + 1 };
  return ctx.commit({
    write: (q) => [
      ...(isCorrected && before.userId !== null
        ? [requireSwitchedOn(q, ctx.organizationId, before.userId)]
        : []),
      changeMemory(q, before, set),
      ...(isCorrected ? replaceText(q, before, memory, actorId(ctx.actor)!) : []),
    ],
    audit: auditOf('memory.corrected', before),
    events: isCorrected ? [memoryTextChanged.of({ organizationId: ctx.organizationId })] : [],
    conflicts: { memories_content_key: memoryErrors.exists },
    result: { memory, sources },
  });
}

/**
 * Deletes a memory for good, with those that were merged into it and all that was derived from them.
 * @throws AppError `memories.not_found`, `request.stale` or `auth.forbidden`
 */
export async function deleteMemory(ctx: Ctx, memoryId: string, ifMatch: IfMatch): Promise<void> {
  const { memory } = await getChangeable(ctx, memoryId, ifMatch);
  return ctx.commit({
    write: (q) => forgetMemory(q, memory),
    audit: auditOf('memory.deleted', memory),
    result: undefined,
  });
}
