import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import {
  actorId,
  type IfMatch,
  requireFuture,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { memoryErrors } from './memory.errors.ts';
import { memoryTextChanged } from './memory.events.ts';
import { getAgent } from '../agents/index.ts';
import { forgetMemory } from './forget.queries.ts';
import { changeMemory, replaceText } from './memory.queries.ts';
import { activate, changeExpiryOfMerged, forgetUnsupported, releaseMerged } from './merging.queries.ts';
import { changesOnlyOwn, hashesOf, type Memory, type MemoryRow, requireChangeable } from './memory.rules.ts';
import { requireSwitchedOn } from './settings.queries.ts';
import type { UpdateMemory } from './memory.schemas.ts';
import { getMemory } from './read-memories.ts';

/** A changed memory no longer says what it was merged for. */
const ON_ITS_OWN = { mergedInto: null, keptApart: false } as const;

/** It is found again; the memory into which it was merged is deleted if nothing else supports it. */
const takenApart = (q: Queries, before: MemoryRow): Statement[] =>
  before.mergedInto === null ? [] : [activate(q, before), forgetUnsupported(q, before.mergedInto, before)];

/** Never the text of a memory; for a person's own memory, no entry. */
const auditOf = (
  action: 'memory.corrected' | 'memory.deleted',
  { id, scope, agentId, roomId }: MemoryRow,
): AuditEntry[] =>
  scope === 'person' ? [] : [{ action, target: { type: 'memory', id }, before: { scope, agentId, roomId } }];

/** A memory that the caller may correct and delete. @throws AppError `memories.not_found`, `request.stale` or `auth.forbidden` */
export async function getChangeable(ctx: Ctx, memoryId: string, ifMatch: IfMatch): Promise<Memory> {
  requirePermission(ctx.actor, 'memories:write');
  const found = await getMemory(ctx, memoryId);
  const { agentId } = found.memory;
  requireChangeable(ctx.actor, found.memory, agentId === null ? undefined : await getAgent(ctx, agentId));
  requireVersion(found.memory, ifMatch);
  return found;
}

/**
 * Corrects the text or the expiry of a memory. The earlier text is kept, with the person who corrected it. Memories
 * that were merged into it stay merged, so that only the correction is found; those that others stored, and that the
 * caller may not change, are released. A memory that was merged itself becomes independent.
 * @throws AppError `memories.not_found`, `memories.exists`, `memories.expiry_in_past`, `memories.switched_off`,
 * `request.stale` or `auth.forbidden`
 */
export async function updateMemory(
  ctx: Ctx,
  memoryId: string,
  { content, expiresAt }: UpdateMemory,
  ifMatch: IfMatch,
): Promise<Memory> {
  const found = await getChangeable(ctx, memoryId, ifMatch);
  const { memory: before } = found;
  const updatedAt = new Date(ctx.clock.now());
  const expiry = expiresAt == null ? expiresAt : new Date(expiresAt);
  requireFuture(expiry, updatedAt.getTime(), memoryErrors.expiryInPast);
  const isCorrected = content !== undefined && content !== before.content;
  const set = {
    updatedAt,
    ...ON_ITS_OWN,
    ...(expiry === undefined ? {} : { expiresAt: expiry }),
    ...(isCorrected ? { content, ...(await hashesOf(ctx.hasher, before.space, content)) } : {}),
  };
  const memory: MemoryRow = { ...before, ...set, version: before.version + 1 };
  return ctx.commit({
    write: (q) => [
      ...(isCorrected && before.userId !== null
        ? [requireSwitchedOn(q, ctx.organizationId, before.userId)]
        : []),
      ...releaseMerged(q, before, changesOnlyOwn(ctx.actor, before)),
      changeMemory(q, before, set),
      ...(expiry === undefined ? [] : [changeExpiryOfMerged(q, memory, expiry)]),
      ...(isCorrected ? replaceText(q, before, memory, actorId(ctx.actor)!) : []),
      ...takenApart(q, before),
    ],
    audit: auditOf('memory.corrected', before),
    events: isCorrected
      ? [memoryTextChanged.of({ organizationId: ctx.organizationId, space: before.space })]
      : [],
    conflicts: { memories_content_key: memoryErrors.exists },
    result: { ...found, memory },
  });
}

/**
 * Deletes a memory for good, with those that were merged into it and all that was derived from them.
 * @throws AppError `memories.not_found`, `request.stale` or `auth.forbidden`
 */
export async function deleteMemory(ctx: Ctx, memoryId: string, ifMatch: IfMatch): Promise<void> {
  const { memory } = await getChangeable(ctx, memoryId, ifMatch);
  return ctx.commit({
    write: (q) => [
      ...releaseMerged(q, memory, changesOnlyOwn(ctx.actor, memory)),
      ...forgetMemory(q, memory),
    ],
    audit: auditOf('memory.deleted', memory),
    result: undefined,
  });
}
