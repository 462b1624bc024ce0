import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { provenRequester, requireStrongPassword } from '../passwords/index.ts';
import { revokeSessionsOfUser } from '../sessions/index.ts';
import { passwordChanged } from '../users/index.ts';
import { readOwnAccount, requireCurrentPassword } from './own-account.ts';
import { changePasswordHash } from './sign-in.queries.ts';
import type { ChangePassword } from './sign-in.schemas.ts';

/**
 * Changes the caller's password and ends their other sessions.
 * @throws AppError `accounts.wrong_password`, also for a user without a password; `request.invalid` for a weak new
 * password; `accounts.session_ended`, `accounts.user_not_found` or `server.unavailable`
 */
export async function changePassword(
  ctx: Ctx,
  { currentPassword, newPassword }: ChangePassword,
): Promise<void> {
  const [account] = await readOwnAccount(ctx);
  const { user, sessionId, organizationId } = account;
  const userId = user.id;
  requireStrongPassword(newPassword, user, 'newPassword');

  const credential = await requireCurrentPassword(ctx, account, currentPassword);
  const newHash = await ctx.ports.passwords.hash(user.email, newPassword, provenRequester(sessionId));
  const now = new Date(ctx.clock.now());
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
