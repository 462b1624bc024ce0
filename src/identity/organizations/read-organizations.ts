import { type Ctx, requireUser } from '../../kernel/context/index.ts';
import {
  type Page,
  pageOf,
  type OrderedPageQuery,
  readPageRange,
  requirePermission,
} from '../../kernel/core/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import { type Organization, selectJoinedOrganizations, selectOrganization } from './organizations.queries.ts';

/** The organizations of which the caller is an active member. */
export async function listOrganizations(ctx: Ctx, page: OrderedPageQuery): Promise<Page<Organization>> {
  const { userId } = requireUser(ctx);
  const range = readPageRange(page);
  const [rows] = await ctx.read((q) => [selectJoinedOrganizations(q, userId, range)]);
  return pageOf(
    rows.map((row) => row.organization),
    page.limit,
    (organization) => organization.id,
  );
}

/**
 * The organization the credential is for.
 * @throws AppError `organizations.not_found` for any other id, `auth.forbidden` without `organizations:read`
 */
export async function getOrganization(ctx: Ctx, organizationId: string): Promise<Organization> {
  requirePermission(ctx.actor, 'organizations:read');
  requireOwnOrganization(ctx, organizationId);
  const [[organization]] = await ctx.read((q) => [selectOrganization(q, organizationId)]);
  if (!organization) throw organizationErrors.notFound();
  return organization;
}

/** @throws AppError `organizations.not_found` unless the credential is for this organization */
export function requireOwnOrganization(ctx: Pick<Ctx, 'organizationId'>, organizationId: string): void {
  if (ctx.organizationId !== organizationId) throw organizationErrors.notFound();
}
