import type { Ctx } from '../../kernel/context/index.ts';
import { diffFields, requireVersion } from '../../kernel/core/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import { changeOrganization, type Organization } from './organizations.queries.ts';
import type { UpdateOrganization } from './organizations.schemas.ts';
import { getOrganization } from './read-organizations.ts';

/**
 * Changes what is named and leaves the rest.
 * @throws AppError `organizations.not_found`, `organizations.slug_taken` or `request.stale`
 */
export async function updateOrganization(
  ctx: Ctx,
  organizationId: string,
  input: UpdateOrganization,
  ifMatch: number | undefined,
): Promise<Organization> {
  const organization = await getOrganization(ctx, organizationId);
  requireVersion(organization, ifMatch);
  const settings = { ...organization.settings, ...input.settings };
  const set = { ...input, settings, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeOrganization(q, organization, set)],
    audit: {
      action: 'organization.updated',
      target: { type: 'organization', id: organizationId },
      ...diffFields(organization, { ...input, settings }),
    },
    events: [{ type: 'organization.updated', key: organizationId, payload: { organizationId } }],
    conflicts: { organizations_slug_key: organizationErrors.slugTaken },
    result: { ...organization, ...set, version: organization.version + 1 },
  });
}

/**
 * Closes an organization: nobody gets in any more, its slug is free again. Its data goes with the erasure that follows.
 * @throws AppError `organizations.not_found` or `request.stale`
 */
export async function deleteOrganization(
  ctx: Ctx,
  organizationId: string,
  ifMatch: number | undefined,
): Promise<void> {
  const organization = await getOrganization(ctx, organizationId);
  requireVersion(organization, ifMatch);
  const now = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [changeOrganization(q, organization, { deletedAt: now, updatedAt: now })],
    audit: {
      action: 'organization.deleted',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
      before: { name: organization.name, slug: organization.slug },
    },
    events: [{ type: 'organization.deleted', key: organizationId, payload: { organizationId } }],
    result: undefined,
  });
}
