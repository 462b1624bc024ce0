import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requirePermission, requireVersion } from '../../kernel/core/index.ts';
import {
  changeSettings,
  forgetOfPerson,
  type MemorySettings,
  memoryTextChanged,
  requirePerson,
  selectSettings,
} from '../memory/index.ts';
import type { UpdateMemorySettings } from './memory-settings.schemas.ts';

/** 0 for settings that were never changed. */
export const versionOf = (settings: MemorySettings | undefined): number => settings?.version ?? 0;

/** @returns undefined while the user has not decided, and the memory is off @throws AppError `auth.forbidden` */
export async function getSettings(ctx: Ctx): Promise<MemorySettings | undefined> {
  requirePermission(ctx.actor, 'memories:read');
  const userId = requirePerson(ctx.actor);
  const [[settings]] = await ctx.read((q) => [selectSettings(q, ctx.organizationId, userId)]);
  return settings;
}

/**
 * Switches the memory of the current user on or off. While it is off, nothing is stored or recalled. What was stored
 * remains for them to read and delete, or is deleted at once.
 * @throws AppError `auth.forbidden`, or `request.stale` when it changed at the same moment
 */
export async function updateSettings(
  ctx: Ctx,
  { enabled, deleteMemories }: UpdateMemorySettings,
  ifMatch: IfMatch,
): Promise<MemorySettings> {
  const before = await getSettings(ctx);
  requireVersion({ version: versionOf(before) }, ifMatch);
  const { organizationId } = ctx;
  const userId = requirePerson(ctx.actor);
  const updatedAt = new Date(ctx.clock.now());
  const after = { organizationId, userId, enabled, updatedAt, version: versionOf(before) + 1 };
  return ctx.commit({
    write: (q) => [
      changeSettings(q, before, after),
      ...(deleteMemories ? [forgetOfPerson(q, organizationId, userId)] : []),
    ],
    // Memories from before may have no vectors yet.
    events: enabled ? [memoryTextChanged.of({ organizationId, space: `person:${userId}` })] : [],
    result: after,
  });
}
