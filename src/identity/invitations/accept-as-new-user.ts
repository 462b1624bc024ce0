import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { provenRequester, requireStrongPassword } from '../passwords/index.ts';
import { type SessionGrant, openSession } from '../sessions/index.ts';
import { prepareAccount, signInErrors } from '../sign-in/index.ts';
import { buildAcceptance, requireValidInvitation } from './accept-invitation.ts';
import { hashInvitationToken } from './invitation-token.ts';
import { selectInvitationByToken, selectInvitedUser } from './invitations.queries.ts';
import type { AcceptAsNewUser } from './invitations.schemas.ts';
import { userSignedUp } from '../users/index.ts';

/**
 * Creates an account for the invited address, makes the user a member of the inviting organization, and signs them in.
 * The token proves that they receive mail at the address.
 * @throws AppError `accounts.email_taken`, `request.invalid` for a weak password, `invitations.not_found`,
 * `invitations.revoked`, `invitations.already_accepted`, `invitations.expired`, `invitations.domain_not_allowed`,
 * `invitations.overtaken`, `billing.limit_reached` or `server.unavailable`
 */
export async function acceptAsNewUser(
  ctx: Ctx,
  { token, name, password }: AcceptAsNewUser,
): Promise<SessionGrant> {
  const tokenHash = await hashInvitationToken(ctx, token);
  const [[match], [account]] = await ctx.read(
    (q) => [selectInvitationByToken(q, tokenHash), selectInvitedUser(q, tokenHash)],
    systemScope,
  );
  const valid = requireValidInvitation(match, ctx.clock.now());
  const { invitation, organization } = valid;
  if (account) throw signInErrors.emailTaken({ detail: 'sign in and accept' });
  const { email, organizationId, role } = invitation;
  requireStrongPassword(password, { email, name });

  const newAccount = await prepareAccount(
    ctx,
    { email, name, password },
    { emailVerified: true, requester: provenRequester(invitation.id) },
  );
  const { user } = newAccount;
  const session = await openSession(ctx, user, { organizationId, role, plan: organization.plan });
  const { write, audit, events, conflicts } = buildAcceptance(ctx, valid, user.id);
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    actor: session.actor,
    write: (q) => [...newAccount.statements(q), ...session.statements(q), ...write(q)],
    audit: [
      { action: 'user.signed_up', target: { type: 'user', id: user.id }, after: { email, name } },
      ...audit,
    ],
    events: [userSignedUp.of({ userId: user.id }), ...events],
    conflicts: { ...conflicts, users_email_key: signInErrors.emailTaken },
    result: session.grant,
  });
}
