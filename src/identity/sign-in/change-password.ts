import { type Ctx, requireSession, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { auditedOrganization, selectActiveMemberships } from '../members/index.ts';
import { provenRequester, requireStrongPassword } from '../passwords/index.ts';
import { requireActiveSession, revokeSessionsOfUser, selectSession } from '../sessions/index.ts';
import { selectUser, userErrors } from '../users/index.ts';
import { requireCurrentPassword } from './password-credential.ts';
import { changePasswordHash, selectCredentials } from './sign-in.queries.ts';
import type { ChangePassword } from './sign-in.schemas.ts';
import { passwordChanged } from '../users/index.ts';

/**
 * Changes the caller's password and ends their other sessions.
 * @throws AppError `accounts.wrong_password`, also for a user without a password; `request.invalid` for a weak new
 * password; `accounts.session_ended`, `accounts.user_not_found` or `server.unavailable`
 */
export async function changePassword(
  ctx: Ctx,
  { currentPassword, newPassword }: ChangePassword,
): Promise<void> {
  const { userId, sessionId, organizationId: credentialOrganizationId } = requireSession(ctx);
  const [[user], credentials, [session], memberships] = await ctx.read(
    (q) => [
      selectUser(q, userId),
      selectCredentials(q, userId),
      selectSession(q, userId, sessionId),
      selectActiveMemberships(q, userId),
    ],
    systemScope,
  );
  requireActiveSession(session, ctx.clock.now());
  if (!user) throw userErrors.userNotFound();
  requireStrongPassword(newPassword, user, 'newPassword');

  const credential = await requireCurrentPassword(ctx, user, credentials, currentPassword, sessionId);
  const newHash = await ctx.ports.passwords.hash(user.email, newPassword, provenRequester(sessionId));
  const now = new Date(ctx.clock.now());
  const organizationId = auditedOrganization(memberships, credentialOrganizationId);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      changePasswordHash(q, credential, newHash, now),
      revokeSessionsOfUser(q, userId, 'password_changed', now, sessionId),
    ],
    audit: organizationId
      ? [{ action: 'user.password_changed', severity: 'warning', target: { type: 'user', id: userId } }]
      : [],
    events: [passwordChanged.of({ userId })],
    result: undefined,
  });
}
