import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requirePermission, requireVersion } from '../../kernel/core/index.ts';
import { changeSettings, markDue, selectSettings } from './memory-consolidation.queries.ts';
import { ownerOfSettings, versionOf } from './memory-consolidation.rules.ts';
import type { ConsolidationScope, UpdateConsolidation } from './memory-consolidation.schemas.ts';
import type { ConsolidationSettings } from './memory-consolidation.tables.ts';

/** @returns undefined while the defaults apply @throws AppError `auth.forbidden` */
export async function getConsolidation(
  ctx: Ctx,
  scope: ConsolidationScope,
): Promise<ConsolidationSettings | undefined> {
  requirePermission(ctx.actor, 'memories:read');
  const { space } = ownerOfSettings(ctx.actor, scope);
  const [[settings]] = await ctx.read((q) => [selectSettings(q, ctx.organizationId, space)]);
  return settings;
}

/**
 * Changes how memories are kept in order: each person for their own, those with `memories:manage` for the organization
 * and its rooms.
 * @throws AppError `auth.forbidden` or `request.stale`
 */
export async function updateConsolidation(
  ctx: Ctx,
  scope: ConsolidationScope,
  input: UpdateConsolidation,
  ifMatch: IfMatch,
): Promise<ConsolidationSettings> {
  requirePermission(ctx.actor, scope === 'person' ? 'memories:write' : 'memories:manage');
  const owner = ownerOfSettings(ctx.actor, scope);
  const before = await getConsolidation(ctx, scope);
  requireVersion({ version: versionOf(before) }, ifMatch);
  const { organizationId } = ctx;
  const updatedAt = new Date(ctx.clock.now());
  const after = { organizationId, ...owner, ...input, updatedAt, version: versionOf(before) + 1 };
  const space = owner.userId === null ? undefined : owner.space;
  return ctx.commit({
    write: (q) => [changeSettings(q, before, after), markDue(q, { organizationId, space }, updatedAt)],
    audit:
      scope === 'person'
        ? []
        : [
            {
              action: 'memory.consolidation_changed',
              target: { type: 'organization', id: organizationId },
              after: input,
            },
          ],
    result: after,
  });
}
