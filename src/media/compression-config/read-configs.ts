import type { Ctx } from '../../kernel/context/index.ts';
import { permits, requirePermission } from '../../kernel/core/index.ts';
import { requireManager, requireRoomAccess, selectMemberRole } from '../../rooms/access/index.ts';
import { compressionConfigErrors } from './compression-config.errors.ts';
import {
  type ConfigScope,
  selectConfig,
  selectConfigsFor,
  selectIncluded,
} from './compression-config.queries.ts';
import { type CopyConfig, type EffectiveConfig, resolveConfig } from './compression-config.rules.ts';
import type { EffectiveConfigQuery } from './compression-config.schemas.ts';
import type { CompressionConfigRow } from './compression-config.tables.ts';

/**
 * Users see and set their own config, owners and administrators those of all.
 * @throws AppError `compression.user_not_found` for another user, `auth.forbidden`
 */
export function requireUserAccess({ actor }: Ctx, userId: string): void {
  requirePermission(actor, 'rooms:read');
  const isOwn = actor.kind === 'user' && actor.userId === userId;
  if (!isOwn && !('permissions' in actor && permits(actor.permissions, 'organizations:write')))
    throw compressionConfigErrors.userNotFound();
}

/**
 * The config of a scope; undefined when it was never set.
 * @throws AppError `auth.forbidden`, `rooms.*` for a room that the caller cannot see, or cannot manage when writing;
 *   `compression.user_not_found` for a user who is not a member
 */
export async function readConfig(
  ctx: Ctx,
  scope: ConfigScope,
  { forWriting }: { forWriting: boolean },
): Promise<CompressionConfigRow | undefined> {
  const { organizationId } = ctx;
  const { roomId, userId } = scope;
  if (userId !== null) requireUserAccess(ctx, userId);
  requirePermission(ctx.actor, 'rooms:read');
  if (roomId !== null) {
    const [access, [found]] = await requireRoomAccess(ctx, { roomId }, (q) => [
      selectConfig(q, organizationId, scope),
    ]);
    if (forWriting) requireManager(ctx.actor, access.room, access);
    return found;
  }
  const [[found], members] = await ctx.read((q) => [
    selectConfig(q, organizationId, scope),
    selectMemberRole(q, organizationId, userId ?? ''),
  ]);
  if (userId !== null && members.length === 0) throw compressionConfigErrors.userNotFound();
  return found;
}

/** The organization's config; undefined when it was never set. @throws AppError `auth.forbidden` */
export const getOrganizationConfig = (ctx: Ctx) =>
  readConfig(ctx, { roomId: null, userId: null }, { forWriting: false });

/** The config of a room or a user. @throws AppError `compression.config_not_found`, and as `readConfig` */
export async function getConfig(ctx: Ctx, scope: ConfigScope): Promise<CompressionConfigRow> {
  const found = await readConfig(ctx, scope, { forWriting: false });
  if (!found) throw compressionConfigErrors.configNotFound();
  return found;
}

/**
 * The values that apply to a user in a room, and their sources; without a room, as in a room that has no config.
 * @throws AppError `compression.user_not_found` for another user, `rooms.*` for a room that the caller cannot see
 */
export async function getEffectiveConfig(ctx: Ctx, query: EffectiveConfigQuery): Promise<EffectiveConfig> {
  const { organizationId, actor } = ctx;
  const { roomId = null, userId = actor.kind === 'user' ? actor.userId : null } = query;
  requirePermission(actor, 'rooms:read');
  if (userId !== null) requireUserAccess(ctx, userId);
  const now = new Date(ctx.clock.now());
  if (roomId === null) {
    const [configs, [plan]] = await ctx.read((q) => [
      selectConfigsFor(q, organizationId, { roomId, userId }),
      selectIncluded(q, organizationId, now),
    ]);
    return resolveConfig(configs, plan!.included);
  }
  const [, configs, [plan]] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectConfigsFor(q, organizationId, { roomId, userId }),
    selectIncluded(q, organizationId, now),
  ]);
  return resolveConfig(configs, plan!.included);
}

/** The defaults of a copy, for work that has been permitted already. */
export async function readCopyConfig(ctx: Ctx, scope: ConfigScope): Promise<CopyConfig> {
  const [configs] = await ctx.read((q) => [selectConfigsFor(q, ctx.organizationId, scope)]);
  return resolveConfig(configs, false);
}
