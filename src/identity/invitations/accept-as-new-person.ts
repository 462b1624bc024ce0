import { type Ctx, systemScope } from '../../platform/context/index.ts';
import {
  accountErrors,
  accountScope,
  type Grant,
  newPerson,
  requireStrongPassword,
} from '../accounts/index.ts';
import { joining, requireStanding } from './accept-invitation.ts';
import { hashOfToken } from './invitation-token.ts';
import { findInvitationByToken, findInvitedAccount } from './invitations.queries.ts';
import type { AcceptAsNewPerson } from './invitations.schemas.ts';

/**
 * Makes an account for the address that was invited and a member of the organization that invited it, and signs the
 * person in. The token proves that they read the mails of the address.
 * @throws AppError `accounts.email_taken`, `request.invalid` for a weak password, `invitations.not_found`,
 * `invitations.revoked`, `invitations.already_accepted`, `invitations.expired`, `invitations.domain_not_allowed`,
 * `invitations.overtaken` or `server.unavailable`
 */
export async function acceptAsNewPerson(
  ctx: Ctx,
  { token, name, password }: AcceptAsNewPerson,
): Promise<Grant> {
  const tokenHash = await hashOfToken(ctx, token);
  const [[match], [account]] = await ctx.read(
    (q) => [findInvitationByToken(q, tokenHash), findInvitedAccount(q, tokenHash)],
    systemScope,
  );
  const { invitation, organization } = requireStanding(match, ctx.clock.now());
  if (account) throw accountErrors.emailTaken({ detail: 'sign in and accept' });
  const { email, organizationId, role } = invitation;
  requireStrongPassword(password, { email, name });

  const { user, enter } = await newPerson(ctx, { email, name, password }, { known: [], emailVerified: true });
  const { grant, actor, statements } = await enter({ organizationId, role, plan: organization.plan });
  const { write, audit, effects, conflicts } = joining(ctx, invitation, user.id);
  return ctx.commit({
    scope: accountScope(organizationId),
    actor,
    write: (q) => [...statements(q), ...write(q)],
    audit: [
      { action: 'user.signed_up', target: { type: 'user', id: user.id }, after: { email, name } },
      ...audit,
    ],
    effects: [{ type: 'user.signed_up', key: user.id, payload: { userId: user.id } }, ...effects],
    conflicts: { ...conflicts, users_email_key: accountErrors.emailTaken },
    result: grant,
  });
}
