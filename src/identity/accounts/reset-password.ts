import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { accountErrors } from './accounts.errors.ts';
import {
  changeUser,
  selectPasswordReset,
  selectUser,
  selectCredentials,
  selectActiveMemberships,
  revokeSessionsOfUser,
  type User,
  userIdOfEmail,
  userIdOfPasswordReset,
} from './accounts.queries.ts';
import { chooseMembership, isPasswordResetUsable, requireStrongPassword } from './accounts.rules.ts';
import type { ResetPassword } from './accounts.schemas.ts';
import { createEngine } from './engine.ts';
import { systemScopeOf } from './create-grant.ts';
import { takeFromMailLimit } from './mail-limit.ts';
import { UnitOfWork } from './unit-of-work.ts';

/** Under which name the engine keeps a reset, and the purpose of that name's hash. */
const resetIdentifier = (ctx: Ctx, token: string) =>
  ctx.hasher.hash('verification', `reset-password:${token}`);

/** What a sealed address is bound to. */
const EMAIL_SEAL_CONTEXT = 'outbox.user.password_reset_requested';

/**
 * Asks for a mail with which to choose a new password. Does the same, in the same time, whether or not anybody has the
 * address: whether there is one is found out by the job. Asked for too often it does nothing, and says nothing of it.
 */
export async function requestPasswordReset(ctx: Ctx, email: string): Promise<void> {
  const hashedEmail = await ctx.hasher.hash('email', email);
  if (!(await takeFromMailLimit(ctx, hashedEmail))) return;
  const sealedEmail = await ctx.vault.encrypt(email, EMAIL_SEAL_CONTEXT);
  await ctx.commit({
    scope: systemScope,
    write: () => [],
    events: [
      {
        type: 'user.password_reset_requested',
        key: `email:${hashedEmail}`,
        payload: { sealedEmail },
      },
    ],
    result: undefined,
  });
}

/** The job's part: makes the token, if anybody has the address. It stands in the mail alone; we keep its hash. */
export async function createPasswordReset(
  ctx: Ctx,
  sealedEmail: string,
): Promise<{ user: User; token: string } | null> {
  const email = await ctx.vault.decrypt(sealedEmail, EMAIL_SEAL_CONTEXT);
  const [users] = await ctx.read((q) => [selectUser(q, userIdOfEmail(email))], systemScope);
  const [user] = users;
  if (!user) return null;
  const unit = new UnitOfWork(ctx);
  unit.preload('user', { email }, users);
  unit.preload('account', { userId: user.id }, []);
  let resetToken: string | undefined;
  const engine = await createEngine(ctx, unit, { email, onResetToken: (token) => (resetToken = token) });
  await engine.api.requestPasswordReset({ body: { email } });
  if (resetToken === undefined) throw new Error('the engine made no reset token');
  await ctx.commit({ scope: systemScope, write: (q) => unit.statements(q), result: undefined });
  return { user, token: resetToken };
}

/**
 * Sets a new password with the token out of the mail, which proves the address as well, and ends all sessions.
 * @throws AppError `accounts.reset_token_invalid` for an unknown, used or expired one and one older than the password;
 * `request.invalid` for a weak password; `server.unavailable`
 */
export async function resetPassword(ctx: Ctx, { token, newPassword }: ResetPassword): Promise<void> {
  const identifier = await resetIdentifier(ctx, token);
  const userId = userIdOfPasswordReset(identifier);
  const [resets, users, credentials, memberships] = await ctx.read(
    (q) => [
      selectPasswordReset(q, identifier),
      selectUser(q, userId),
      selectCredentials(q, userId),
      selectActiveMemberships(q, userId),
    ],
    systemScope,
  );
  const [reset, user] = [resets[0], users[0]];
  const passwordCredentials = credentials.filter(
    ({ providerId, accountId }) => providerId === 'credential' && accountId === user?.id,
  );
  if (!reset || !user || !isPasswordResetUsable(reset, passwordCredentials[0], ctx.clock.now()))
    throw accountErrors.resetTokenInvalid();
  requireStrongPassword(newPassword, user, 'newPassword');
  const unit = new UnitOfWork(ctx);
  unit.preload('verification', { identifier }, resets);
  unit.preload('verification', { id: reset.id }, resets);
  unit.preload('user', { id: user.id }, users);
  unit.preload(
    'account',
    { userId: user.id, providerId: 'credential', accountId: user.id },
    passwordCredentials,
  );
  const engine = await createEngine(ctx, unit, user);
  await engine.api.resetPassword({ body: { newPassword, token } });
  await commitPasswordReset(ctx, unit, user, chooseMembership(memberships, null)?.organizationId ?? null);
}

async function commitPasswordReset(
  ctx: Ctx,
  unit: UnitOfWork,
  user: User,
  organizationId: string | null,
): Promise<void> {
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      ...unit.statements(q),
      revokeSessionsOfUser(q, user.id, 'password_reset', now),
      ...(user.emailVerified ? [] : [changeUser(q, user, { emailVerified: true, updatedAt: now })]),
    ],
    audit: organizationId
      ? [{ action: 'user.password_reset', severity: 'warning', target: { type: 'user', id: user.id } }]
      : [],
    events: [{ type: 'user.password_changed', key: user.id, payload: { userId: user.id } }],
    result: undefined,
  });
}
