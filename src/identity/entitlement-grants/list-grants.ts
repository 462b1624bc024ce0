import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor } from '../../kernel/core/index.ts';
import { organizationErrors } from '../organizations/index.ts';
import { presentGrant } from './entitlement-grants.present.ts';
import { selectGrantee, selectGrantPage } from './entitlement-grants.queries.ts';
import type { EntitlementGrantView } from './entitlement-grants.schemas.ts';

/**
 * The grants of an organization, also those that are over, the newest first.
 * @throws AppError `organizations.not_found`
 */
export async function listGrants(
  ctx: Ctx,
  organizationId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<EntitlementGrantView>> {
  const before = readCursor(cursor);
  const [[organization], rows] = await ctx.read(
    (q) => [selectGrantee(q, organizationId), selectGrantPage(q, organizationId, { before, limit })],
    systemScopeOf(organizationId),
  );
  if (!organization) throw organizationErrors.notFound();
  const nowMs = ctx.clock.now();
  return pageOf(
    rows.map((grant) => presentGrant(grant, nowMs)),
    limit,
    ({ id }) => id,
  );
}
