import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  mergeMetadata,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import { changeOrganization, type Organization } from './organizations.queries.ts';
import type { UpdateOrganization } from './organizations.schemas.ts';
import { getOrganization } from './read-organizations.ts';
import { organizationUpdated } from './organizations.events.ts';

/**
 * Changes the given fields and keeps the others.
 * @param ifMatch the version the caller has seen; undefined to change any version
 * @throws AppError `organizations.not_found`, `organizations.slug_taken`, `request.stale` or, without
 * `organizations:write`, `auth.forbidden`
 */
export async function updateOrganization(
  ctx: Ctx,
  organizationId: string,
  input: UpdateOrganization,
  ifMatch: IfMatch,
): Promise<Organization> {
  requirePermission(ctx.actor, 'organizations:write');
  const organization = await getOrganization(ctx, organizationId);
  requireVersion(organization, ifMatch);
  const { metadata, ...plain } = input;
  const change = {
    ...plain,
    ...mergeMetadata(organization.metadata, metadata),
    settings: { ...organization.settings, ...input.settings },
  };
  const set = { ...change, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeOrganization(q, organization, set)],
    audit: {
      action: 'organization.updated',
      target: { type: 'organization', id: organizationId },
      ...diffFields(organization, change),
    },
    events: [organizationUpdated.of({ organizationId })],
    conflicts: { organizations_slug_key: organizationErrors.slugTaken },
    result: { ...organization, ...set, version: organization.version + 1 },
  });
}
