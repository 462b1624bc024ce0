import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { chooseMembership, selectActiveMemberships } from '../members/index.ts';
import { provenRequester, requireStrongPassword } from '../passwords/index.ts';
import { revokeSessionsOfUser } from '../sessions/index.ts';
import { findPasswordCredential, selectCredentials, storePassword } from '../sign-in/index.ts';
import { selectUser } from '../users/index.ts';
import { proveAddress } from './prove-address.ts';
import { recoveryErrors } from './recovery.errors.ts';
import { consumePasswordReset, selectPasswordReset, userIdOfPasswordReset } from './recovery.queries.ts';
import { isPasswordResetUsable } from './recovery.rules.ts';
import type { ResetPassword } from './recovery.schemas.ts';
import { hashResetToken } from './request-password-reset.ts';
import { passwordChanged } from '../users/index.ts';

/** @throws AppError `accounts.reset_token_invalid` */
async function readUsableReset(ctx: Ctx, token: string) {
  const identifier = await hashResetToken(ctx, token);
  const userId = userIdOfPasswordReset(identifier);
  const [[reset], [user], credentials, memberships] = await ctx.read(
    (q) => [
      selectPasswordReset(q, identifier),
      selectUser(q, userId),
      selectCredentials(q, userId),
      selectActiveMemberships(q, userId),
    ],
    systemScope,
  );
  const credential = user && findPasswordCredential(credentials, user.id);
  if (!reset || !user || !isPasswordResetUsable(reset, credential, ctx.clock.now()))
    throw recoveryErrors.resetTokenInvalid();
  return {
    reset,
    user,
    credential,
    organizationId: chooseMembership(memberships, null)?.organizationId ?? null,
  };
}

/**
 * Sets a new password with the token from the mail, which also verifies the address, and ends all sessions. A user
 * without a password gets one. When the address was not verified before, the user's API keys and invitations end, too.
 * @throws AppError `accounts.reset_token_invalid` for a token that is unknown, used, expired or older than the password;
 * `request.invalid` for a weak password; `server.unavailable`
 */
export async function resetPassword(ctx: Ctx, { token, newPassword }: ResetPassword): Promise<void> {
  const { reset, user, credential, organizationId } = await readUsableReset(ctx, token);
  requireStrongPassword(newPassword, user, 'newPassword');
  const newHash = await ctx.ports.passwords.hash(user.email, newPassword, provenRequester(reset.id));
  const storeNewPassword = storePassword(ctx, user.id, credential, newHash);
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      consumePasswordReset(q, reset),
      storeNewPassword(q),
      revokeSessionsOfUser(q, user.id, 'password_reset', now),
      ...proveAddress(q, user, now),
    ],
    audit: organizationId
      ? [{ action: 'user.password_reset', severity: 'warning', target: { type: 'user', id: user.id } }]
      : [],
    events: [passwordChanged.of({ userId: user.id })],
    // Two reset links of a user without a password, used at once: the second decides again.
    conflicts: { credentials_provider_account_key: requestErrors.stale },
    result: undefined,
  });
}
