import { type CommitRequest, type Ctx, requireUser, systemScope } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { holdMembers, insertMember } from '../members/index.ts';
import { hashInvitationToken } from './invitation-token.ts';
import { invitationErrors } from './invitations.errors.ts';
import {
  holdInviter,
  selectInvitationByToken,
  type InvitationRow,
  markAccepted,
} from './invitations.queries.ts';
import { requireAcceptable, requireAllowedDomain, requireStillOffered } from './invitations.rules.ts';
import { invitationAccepted } from './invitations.events.ts';
import { memberAdded } from '../members/index.ts';
import { selectUser } from '../users/index.ts';

export interface AcceptedInvitation {
  organizationId: string;
  organizationName: string;
  memberId: string;
  role: InvitationRow['role'];
}

type InvitationMatch = Awaited<ReturnType<typeof selectInvitationByToken>>[number];

/** The changes, audit entries and events that accepting an invitation consists of, for an existing or a new user. */
export function buildAcceptance(ctx: Ctx, match: InvitationMatch, userId: string) {
  const { invitation } = match;
  const { id: invitationId, organizationId, role, invitedBy } = invitation;
  const memberId = ctx.ids.create('member');
  const now = new Date(ctx.clock.now());
  const member = { id: memberId, organizationId, userId, role, invitedBy, createdAt: now, updatedAt: now };
  return {
    memberId,
    write: (q: Queries): Statement[] => [
      holdInviter(q, match),
      markAccepted(q, invitation, userId, now),
      insertMember(q, member),
      ...holdMembers(q, organizationId, now),
    ],
    audit: [
      {
        action: 'invitation.accepted',
        target: { type: 'invitation', id: invitationId },
        after: { acceptedBy: userId },
      },
      { action: 'member.added', target: { type: 'member', id: memberId }, after: { userId, role } },
    ],
    events: [
      invitationAccepted.of({ organizationId, invitationId }),
      memberAdded.of({ organizationId, memberId, userId }),
    ],
    conflicts: { members_organization_user_key: invitationErrors.alreadyMember },
  } satisfies Omit<CommitRequest<unknown>, 'result'> & { memberId: string };
}

/** @throws AppError `invitations.*` unless the invitation can be accepted at this moment */
export function requireValidInvitation(match: InvitationMatch | undefined, nowMs: number): InvitationMatch {
  if (!match) throw invitationErrors.notFound();
  requireAcceptable(match.invitation, nowMs);
  requireStillOffered(match, nowMs);
  requireAllowedDomain(match.invitation.email, match.organization.settings.allowedEmailDomains);
  return match;
}

/**
 * Makes the caller a member of the organization that invited them.
 * @throws AppError `invitations.not_found`, `invitations.revoked`, `invitations.already_accepted`,
 * `invitations.expired`, `invitations.email_mismatch`, `invitations.domain_not_allowed`, `invitations.already_member`,
 * `billing.limit_reached` or `invitations.overtaken`
 */
export async function acceptInvitation(ctx: Ctx, token: string): Promise<AcceptedInvitation> {
  const { userId } = requireUser(ctx);
  const tokenHash = await hashInvitationToken(ctx, token);
  // The system scope: the credential is for another organization than the inviting one.
  const [[match], [user]] = await ctx.read(
    (q) => [selectInvitationByToken(q, tokenHash), selectUser(q, userId)],
    systemScope,
  );
  const valid = requireValidInvitation(match, ctx.clock.now());
  const { invitation, organization } = valid;
  if (user?.email !== invitation.email) throw invitationErrors.emailMismatch();

  const { organizationId, role } = invitation;
  const { memberId, ...change } = buildAcceptance(ctx, valid, userId);
  return ctx.commit({
    ...change,
    scope: { role: 'app', organizationId, userId },
    result: { organizationId, organizationName: organization.name, memberId, role },
  });
}
