import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { selectOwnMeters } from './meters.queries.ts';
import { listMeterViews } from './meters.rules.ts';
import type { MeterView } from './meters.schemas.ts';

/**
 * The meters of the product and those of the organization.
 * @throws AppError `auth.forbidden` without `usage:read`
 */
export async function listMeters(ctx: Ctx): Promise<MeterView[]> {
  requirePermission(ctx.actor, 'usage:read');
  const [own] = await ctx.read((q) => [selectOwnMeters(q, ctx.organizationId)]);
  return listMeterViews(ctx.meters, own);
}
