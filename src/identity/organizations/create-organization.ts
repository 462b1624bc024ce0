import { type Ctx, requireUser, systemScopeOf } from '../../kernel/context/index.ts';
import { CURRENT_PLAN_VERSION } from '../entitlements/index.ts';
import { insertMember } from '../members/index.ts';
import { lockUser } from '../users/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import { holdOrganizationsOf, insertOrganization, type Organization } from './organizations.queries.ts';
import { DEFAULT_SETTINGS } from './organizations.rules.ts';
import type { CreateOrganization } from './organizations.schemas.ts';
import { organizationCreated } from './organizations.events.ts';

/** The row of a new organization, not stored yet. */
export function buildOrganization(
  ctx: Pick<Ctx, 'ids' | 'clock'>,
  userId: string,
  { name, slug, settings, metadata = {} }: CreateOrganization,
): Organization {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('organization'),
    name,
    slug,
    plan: 'free',
    planVersion: CURRENT_PLAN_VERSION,
    trialEndsAt: null,
    seats: null,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    limits: {},
    metadata,
    createdBy: userId,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    version: 1,
  };
}

/**
 * Creates an organization with the caller as its owner.
 * @throws AppError `organizations.slug_taken`, `organizations.too_many`, or `auth.forbidden` for a caller who is no user
 */
export async function createOrganization(ctx: Ctx, input: CreateOrganization): Promise<Organization> {
  const { userId } = requireUser(ctx);
  const organization = buildOrganization(ctx, userId, input);
  const { id: organizationId, createdAt } = organization;
  return ctx.commit({
    // The new organization's tenant policies let its first rows in; the user's other organizations are counted.
    scope: systemScopeOf(organizationId),
    write: (q) => [
      lockUser(q, userId),
      insertOrganization(q, organization),
      insertMember(q, {
        id: ctx.ids.create('member'),
        organizationId,
        userId,
        role: 'owner',
        createdAt,
        updatedAt: createdAt,
      }),
      holdOrganizationsOf(q, userId),
    ],
    audit: {
      action: 'organization.created',
      target: { type: 'organization', id: organizationId },
      after: { name: organization.name, slug: organization.slug },
    },
    events: [organizationCreated.of({ organizationId })],
    conflicts: { organizations_slug_key: organizationErrors.slugTaken },
    result: organization,
  });
}
