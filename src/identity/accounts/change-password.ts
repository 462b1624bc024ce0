import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { accountErrors } from './accounts.errors.ts';
import { selectSession, selectUser, selectCredentials, revokeSessionsOfUser } from './accounts.queries.ts';
import { requireActiveSession, requireStrongPassword } from './accounts.rules.ts';
import type { ChangePassword } from './accounts.schemas.ts';
import { createEngine } from './engine.ts';
import { systemScopeOf } from './create-grant.ts';
import { requireUser } from './end-session.ts';
import { UnitOfWork } from './unit-of-work.ts';

/**
 * Changes the caller's password and ends their other sessions.
 * @throws AppError `accounts.wrong_password`, `request.invalid` for a weak new one, `accounts.session_ended`,
 * `server.unavailable`
 */
export async function changePassword(
  ctx: Ctx,
  { currentPassword, newPassword }: ChangePassword,
): Promise<void> {
  const { userId, sessionId, organizationId } = requireUser(ctx);
  const [[user], credentials, [session]] = await ctx.read(
    (q) => [selectUser(q, userId), selectCredentials(q, userId), selectSession(q, userId, sessionId)],
    systemScope,
  );
  requireActiveSession(session, ctx.clock.now());
  if (!user) throw accountErrors.userNotFound();
  requireStrongPassword(newPassword, user, 'newPassword');
  const key = { userId, providerId: 'credential', accountId: userId };
  const passwordCredentials = credentials.filter(
    ({ providerId, accountId }) => providerId === 'credential' && accountId === userId,
  );
  const unit = new UnitOfWork(ctx);
  unit.preload('account', key, passwordCredentials);
  const { password, internalAdapter } = (await createEngine(ctx, unit, user)).context;
  const hash = passwordCredentials[0]?.passwordHash;
  if (!hash || !(await password.verify({ hash, password: currentPassword })))
    throw accountErrors.wrongPassword();
  await internalAdapter.updatePassword(userId, await password.hash(newPassword));
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      ...unit.statements(q),
      revokeSessionsOfUser(q, userId, 'password_changed', now, sessionId),
    ],
    audit: organizationId
      ? [{ action: 'user.password_changed', severity: 'warning', target: { type: 'user', id: userId } }]
      : [],
    events: [{ type: 'user.password_changed', key: userId, payload: { userId } }],
    result: undefined,
  });
}
