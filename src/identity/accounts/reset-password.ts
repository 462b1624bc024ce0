import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { accountErrors } from './accounts.errors.ts';
import {
  changeUser,
  findReset,
  findUser,
  listCredentials,
  listMemberships,
  revokeSessions,
  type User,
  userIdOfEmail,
  userIdOfReset,
} from './accounts.queries.ts';
import { chooseMembership, isResetUsable, requireStrongPassword } from './accounts.rules.ts';
import type { ResetPassword } from './accounts.schemas.ts';
import { openEngine } from './engine.ts';
import { accountScope } from './grants.ts';
import { mayMail } from './mail-budget.ts';
import { UnitOfWork } from './unit-of-work.ts';

/** Under which name the engine keeps a reset, and the purpose of that name's hash. */
const resetIdentifier = (ctx: Ctx, token: string) =>
  ctx.hasher.hash('verification', `reset-password:${token}`);

/** What a sealed address is bound to. */
const ADDRESS = 'outbox.user.password_reset_requested';

/**
 * Asks for a mail with which to choose a new password. Does the same, in the same time, whether or not anybody has the
 * address: whether there is one is found out by the job. Asked for too often it does nothing, and says nothing of it.
 */
export async function requestPasswordReset(ctx: Ctx, email: string): Promise<void> {
  const hashedEmail = await ctx.hasher.hash('email', email);
  if (!(await mayMail(ctx, hashedEmail))) return;
  const sealedEmail = await ctx.vault.encrypt(email, ADDRESS);
  await ctx.commit({
    scope: systemScope,
    write: () => [],
    effects: [
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
export async function makeResetToken(
  ctx: Ctx,
  sealedEmail: string,
): Promise<{ user: User; token: string } | null> {
  const email = await ctx.vault.decrypt(sealedEmail, ADDRESS);
  const [known] = await ctx.read((q) => [findUser(q, userIdOfEmail(email))], systemScope);
  const [user] = known;
  if (!user) return null;
  const unit = new UnitOfWork(ctx);
  unit.know('user', { email }, known);
  unit.know('account', { userId: user.id }, []);
  let made: string | undefined;
  const engine = await openEngine(ctx, unit, { email, onResetToken: (token) => (made = token) });
  await engine.api.requestPasswordReset({ body: { email } });
  if (made === undefined) throw new Error('the engine made no reset token');
  await ctx.commit({ scope: systemScope, write: (q) => unit.statements(q), result: undefined });
  return { user, token: made };
}

/**
 * Sets a new password with the token out of the mail, which proves the address as well, and ends all sessions.
 * @throws AppError `accounts.reset_token_invalid` for an unknown, used or expired one and one older than the password;
 * `request.invalid` for a weak password; `server.unavailable`
 */
export async function resetPassword(ctx: Ctx, { token, newPassword }: ResetPassword): Promise<void> {
  const identifier = await resetIdentifier(ctx, token);
  const whose = userIdOfReset(identifier);
  const [resets, known, credentials, memberships] = await ctx.read(
    (q) => [
      findReset(q, identifier),
      findUser(q, whose),
      listCredentials(q, whose),
      listMemberships(q, whose),
    ],
    systemScope,
  );
  const [reset, user] = [resets[0], known[0]];
  const own = credentials.filter(
    ({ providerId, accountId }) => providerId === 'credential' && accountId === user?.id,
  );
  if (!reset || !user || !isResetUsable(reset, own[0], ctx.clock.now()))
    throw accountErrors.resetTokenInvalid();
  requireStrongPassword(newPassword, user, 'newPassword');
  const unit = new UnitOfWork(ctx);
  unit.know('verification', { identifier }, resets);
  unit.know('verification', { id: reset.id }, resets);
  unit.know('user', { id: user.id }, known);
  unit.know('account', { userId: user.id, providerId: 'credential', accountId: user.id }, own);
  const engine = await openEngine(ctx, unit, user);
  await engine.api.resetPassword({ body: { newPassword, token } });
  await storeReset(ctx, unit, user, chooseMembership(memberships, null)?.organizationId ?? null);
}

async function storeReset(
  ctx: Ctx,
  unit: UnitOfWork,
  user: User,
  organizationId: string | null,
): Promise<void> {
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    scope: accountScope(organizationId),
    write: (q) => [
      ...unit.statements(q),
      revokeSessions(q, user.id, 'password_reset', now),
      ...(user.emailVerified ? [] : [changeUser(q, user, { emailVerified: true, updatedAt: now })]),
    ],
    audit: organizationId
      ? [{ action: 'user.password_reset', severity: 'warning', target: { type: 'user', id: user.id } }]
      : [],
    effects: [{ type: 'user.password_changed', key: user.id, payload: { userId: user.id } }],
    result: undefined,
  });
}
