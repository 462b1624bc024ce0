import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, requirePermission } from '../../kernel/core/index.ts';
import {
  authorityOf,
  selectMemberByEmail,
  selectMembership,
  requireRoleWithinAuthority,
} from '../members/index.ts';
import { organizationErrors, requireOwnOrganization } from '../organizations/index.ts';
import { createInvitationToken } from './invitation-token.ts';
import { takeInvitationMail } from './invitation-budget.ts';
import { invitationErrors } from './invitations.errors.ts';
import {
  selectInvitationSettings,
  selectInviterProof,
  selectLastInvitationTo,
  insertInvitation,
  type InvitationRow,
  revokeExpiredInvitation,
} from './invitations.queries.ts';
import { holdPendingInvitations } from './pending-limit.queries.ts';
import {
  expiryAfterDays,
  inviterOf,
  type Invitation,
  requireAllowedDomain,
  requireResendInterval,
  withEffectiveStatus,
} from './invitations.rules.ts';
import type { CreateInvitation } from './invitations.schemas.ts';
import { invitationCreated, invitationMailRequested } from './invitations.events.ts';

/**
 * Invites an address; a subscriber sends the email. An expired invitation is replaced by the new one. Revoking an
 * invitation does not shorten the wait for the next email.
 * @throws AppError `invitations.already_member`, `invitations.already_pending`, `invitations.domain_not_allowed`,
 * `invitations.sent_just_now`, `invitations.email_not_verified`, `invitations.too_many`, `billing.limit_reached`, `members.beyond_authority`, `organizations.not_found` or `auth.forbidden`
 */
export async function createInvitation(
  ctx: Ctx,
  organizationId: string,
  { email, role }: CreateInvitation,
): Promise<Invitation> {
  const { actor } = ctx;
  requirePermission(actor, 'invitations:write');
  requireOwnOrganization(ctx, organizationId);
  const [[organization], [proof], [caller], [member], [lastInvitation]] = await ctx.read((q) => [
    selectInvitationSettings(q, organizationId),
    selectInviterProof(q, organizationId, actor.kind === 'user' ? actor.userId : null),
    selectMembership(q, organizationId, actorId(actor) ?? ''),
    selectMemberByEmail(q, organizationId, email),
    selectLastInvitationTo(q, organizationId, email),
  ]);
  if (!organization) throw organizationErrors.notFound();
  if (!proof) throw invitationErrors.emailNotVerified();
  requireRoleWithinAuthority(authorityOf(actor, caller), role);
  requireAllowedDomain(email, organization.settings.allowedEmailDomains);
  if (member) throw invitationErrors.alreadyMember();

  const nowMs = ctx.clock.now();
  if (lastInvitation?.status === 'revoked') requireResendInterval(lastInvitation.createdAt, nowMs);
  await takeInvitationMail(ctx, organizationId, email);
  const now = new Date(nowMs);
  const id = ctx.ids.create('invitation');
  const { tokenHash, sealedToken } = await createInvitationToken(ctx, id);
  const row: InvitationRow = {
    id,
    organizationId,
    email,
    role,
    tokenHash,
    status: 'pending',
    ...inviterOf(actor),
    acceptedBy: null,
    expiresAt: expiryAfterDays(nowMs, organization.settings.invitationDays),
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  const payload = { organizationId, invitationId: id };
  return ctx.commit({
    write: (q) => [
      revokeExpiredInvitation(q, organizationId, email, now),
      insertInvitation(q, row),
      ...holdPendingInvitations(q, organizationId, now),
    ],
    audit: {
      action: 'invitation.created',
      target: { type: 'invitation', id },
      after: { email, role, expiresAt: row.expiresAt },
    },
    events: [invitationCreated.of(payload), invitationMailRequested.of({ ...payload, sealedToken })],
    conflicts: { invitations_pending_email_key: invitationErrors.alreadyPending },
    result: withEffectiveStatus(row, nowMs),
  });
}
