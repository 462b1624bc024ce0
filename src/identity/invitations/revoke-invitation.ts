import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission, type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import { requireOwnOrganization } from '../organizations/index.ts';
import { invitationErrors } from './invitations.errors.ts';
import { changeInvitation, selectInvitation } from './invitations.queries.ts';
import { requirePending } from './invitations.rules.ts';
import { invitationRevoked } from './invitations.events.ts';

/**
 * Revokes an invitation that has not been accepted; its token can no longer be used.
 * @param ifMatch the version the caller has seen; undefined to revoke any version
 * @throws AppError `invitations.not_found`, `invitations.revoked`, `invitations.already_accepted`,
 * `organizations.not_found`, `auth.forbidden` or `request.stale`
 */
export async function revokeInvitation(
  ctx: Ctx,
  organizationId: string,
  invitationId: string,
  ifMatch: IfMatch,
): Promise<void> {
  requirePermission(ctx.actor, 'invitations:write');
  requireOwnOrganization(ctx, organizationId);
  const [[row]] = await ctx.read((q) => [selectInvitation(q, organizationId, invitationId)]);
  if (!row) throw invitationErrors.notFound();
  requirePending(row);
  requireVersion(row, ifMatch);
  return ctx.commit({
    write: (q) => [changeInvitation(q, row, { status: 'revoked', updatedAt: new Date(ctx.clock.now()) })],
    audit: {
      action: 'invitation.revoked',
      target: { type: 'invitation', id: invitationId },
      before: { email: row.email, role: row.role },
    },
    events: [invitationRevoked.of({ organizationId, invitationId })],
    result: undefined,
  });
}
