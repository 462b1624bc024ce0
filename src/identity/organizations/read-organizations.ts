import { type Ctx, requireUser } from '../../kernel/context/index.ts';
import {
  type Page,
  pageOf,
  type OrderedPageQuery,
  type PageRange,
  readPageRange,
  requirePermission,
} from '../../kernel/core/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import {
  type Organization,
  selectJoinedOrganizations,
  selectOrganization,
  selectOrganizationInRange,
} from './organizations.queries.ts';

/**
 * The organizations of which the user is an active member; for an API key the one that it belongs to.
 * @throws AppError `auth.forbidden` for an API key without `organizations:read`
 */
export async function listOrganizations(ctx: Ctx, page: OrderedPageQuery): Promise<Page<Organization>> {
  const range = readPageRange(page);
  const rows = await readOrganizations(ctx, range);
  return pageOf(rows, page.limit, (organization) => organization.id);
}

async function readOrganizations(ctx: Ctx, range: PageRange): Promise<Organization[]> {
  if (ctx.actor.kind === 'apiKey') {
    requirePermission(ctx.actor, 'organizations:read');
    const [rows] = await ctx.read((q) => [selectOrganizationInRange(q, ctx.organizationId, range)]);
    return rows;
  }
  const { userId } = requireUser(ctx);
  const [rows] = await ctx.read((q) => [selectJoinedOrganizations(q, userId, range)]);
  return rows.map(({ organization }) => organization);
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
