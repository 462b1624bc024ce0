import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission, type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import { changeOrganization } from './organizations.queries.ts';
import { getOrganization } from './read-organizations.ts';
import { organizationDeleted } from './organizations.events.ts';

/**
 * Marks an organization as deleted: it cannot be signed in to. Subscribers of `organization.deleted` end what is under way; its
 * rows, and its slug, stay until it is reopened or erased.
 * @param ifMatch the version the caller has seen; undefined to delete any version
 * @throws AppError `organizations.not_found`, `organizations.held`, `request.stale` or, without `organizations:delete`, `auth.forbidden`
 */
export async function deleteOrganization(ctx: Ctx, organizationId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'organizations:delete');
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
    events: [organizationDeleted.of({ organizationId })],
    result: undefined,
  });
}
