import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, type Page, pageOf, type PageQuery, readCursor } from '../../kernel/core/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import { selectOrganization, selectJoinedOrganizations, type Organization } from './organizations.queries.ts';

/** The organizations the caller belongs to. */
export async function listOrganizations(ctx: Ctx, { limit, cursor }: PageQuery): Promise<Page<Organization>> {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw authErrors.forbidden();
  const after = readCursor(cursor);
  const [rows] = await ctx.read((q) => [selectJoinedOrganizations(q, actor.userId, after, limit + 1)]);
  return pageOf(
    rows.map((row) => row.organization),
    limit,
    (organization) => organization.id,
  );
}

/**
 * The credential's own organization. An id of another one is answered like one that does not exist.
 * @throws AppError `organizations.not_found`
 */
export async function getOrganization(ctx: Ctx, organizationId: string): Promise<Organization> {
  requireOwnOrganization(ctx, organizationId);
  const [[organization]] = await ctx.read((q) => [selectOrganization(q, organizationId)]);
  if (!organization) throw organizationErrors.notFound();
  return organization;
}

/** @throws AppError `organizations.not_found` unless the credential is for this organization */
export function requireOwnOrganization(ctx: Ctx, organizationId: string): void {
  if (ctx.organizationId !== organizationId) throw organizationErrors.notFound();
}
