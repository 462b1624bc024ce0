import { type Ctx, requireUser, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { revokeApiKeysOfOrganization } from '../api-keys/index.ts';
import {
  holdOrganizationsOf,
  type Organization,
  organizationErrors,
  organizationReopened,
  restoreOrganization,
} from '../organizations/index.ts';
import { lockUser } from '../users/index.ts';
import { holdAccount, holdOwnership, selectReopenableOrganization } from './deleted-organizations.queries.ts';
import { reopenableSince } from './deleted-organizations.rules.ts';

/**
 * Reopens a deleted organization of which the caller is an owner. Members, rooms, links and settings are as before, its API keys
 * stay revoked, and its calls ended. It counts among the organizations that its creator may have.
 * @throws AppError `organizations.not_found` also when it is not deleted, or was deleted too long ago;
 * `organizations.too_many`, or `request.stale`
 */
export async function reopenOrganization(ctx: Ctx, organizationId: string): Promise<Organization> {
  const { userId } = requireUser(ctx);
  const nowMs = ctx.clock.now();
  const [[found]] = await ctx.read(
    (q) => [selectReopenableOrganization(q, organizationId, userId, reopenableSince(nowMs))],
    systemScope,
  );
  if (!found) throw organizationErrors.notFound();
  const { organization } = found;
  const { createdBy } = organization;
  const now = new Date(nowMs);
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    grantsAuthority: true,
    write: (q) => [
      holdAccount(q, userId),
      holdOwnership(q, organizationId, userId),
      restoreOrganization(q, organization, now),
      revokeApiKeysOfOrganization(q, organizationId, now),
      ...(createdBy === null ? [] : [lockUser(q, createdBy), holdOrganizationsOf(q, createdBy)]),
    ],
    audit: {
      action: 'organization.reopened',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
      before: { deletedAt: organization.deletedAt },
    },
    events: [organizationReopened.of({ organizationId })],
    result: { ...organization, deletedAt: null, updatedAt: now, version: organization.version + 1 },
  });
}
