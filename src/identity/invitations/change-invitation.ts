import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type IfMatch, requirePermission, requireVersion } from '../../kernel/core/index.ts';
import { authorityOf, selectMembership, requireRoleWithinAuthority } from '../members/index.ts';
import { organizationErrors, requireOwnOrganization } from '../organizations/index.ts';
import { createInvitationToken } from './invitation-token.ts';
import { takeInvitationMail } from './invitation-budget.ts';
import { invitationErrors } from './invitations.errors.ts';
import {
  changeInvitation,
  selectInvitation,
  selectInvitationSettings,
  selectInviterProof,
} from './invitations.queries.ts';
import { renewInvitation } from './pending-limit.queries.ts';
import {
  expiryAfterDays,
  inviterOf,
  type Invitation,
  requireAllowedDomain,
  requireResendInterval,
  requirePending,
  withEffectiveStatus,
} from './invitations.rules.ts';
import { invitationResent, invitationMailRequested, invitationRevoked } from './invitations.events.ts';

/**
 * Sends an invitation again with a new token, valid for the full time from now on, also if it had expired. The former
 * token can no longer be used. From now on the invitation rests on the authority of the caller.
 * @throws AppError `invitations.not_found`, `invitations.revoked`, `invitations.already_accepted`,
 * `invitations.sent_just_now`, `invitations.email_not_verified`, `invitations.too_many`, `billing.limit_reached`, `invitations.domain_not_allowed`, `members.beyond_authority`, `organizations.not_found`,
 * `auth.forbidden` or `invitations.overtaken`
 */
export async function resendInvitation(
  ctx: Ctx,
  organizationId: string,
  invitationId: string,
): Promise<Invitation> {
  requirePermission(ctx.actor, 'invitations:write');
  requireOwnOrganization(ctx, organizationId);
  const { actor } = ctx;
  const [[row], [organization], [proof], [caller]] = await ctx.read((q) => [
    selectInvitation(q, organizationId, invitationId),
    selectInvitationSettings(q, organizationId),
    selectInviterProof(q, organizationId, actor.kind === 'user' ? actor.userId : null),
    selectMembership(q, organizationId, actorId(ctx.actor) ?? ''),
  ]);
  if (!organization) throw organizationErrors.notFound();
  if (!row) throw invitationErrors.notFound();
  if (!proof) throw invitationErrors.emailNotVerified();
  requirePending(row);
  requireRoleWithinAuthority(authorityOf(ctx.actor, caller), row.role);
  requireAllowedDomain(row.email, organization.settings.allowedEmailDomains);
  const nowMs = ctx.clock.now();
  requireResendInterval(row.updatedAt, nowMs);
  await takeInvitationMail(ctx, organizationId, row.email);

  const { tokenHash, sealedToken } = await createInvitationToken(ctx, invitationId);
  const expiresAt = expiryAfterDays(nowMs, organization.settings.invitationDays);
  const set = { ...inviterOf(ctx.actor), tokenHash, expiresAt, updatedAt: new Date(nowMs) };
  const payload = { organizationId, invitationId };
  return ctx.commit({
    write: (q) => renewInvitation(q, row, set),
    audit: {
      action: 'invitation.resent',
      target: { type: 'invitation', id: invitationId },
      before: { invitedBy: row.invitedBy, expiresAt: row.expiresAt },
      after: { invitedBy: set.invitedBy, expiresAt },
    },
    events: [invitationResent.of(payload), invitationMailRequested.of({ ...payload, sealedToken })],
    result: withEffectiveStatus({ ...row, ...set, version: row.version + 1 }, nowMs),
  });
}

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
