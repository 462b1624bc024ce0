import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { type ActiveMembership, chooseMembership, selectActiveMemberships } from '../members/index.ts';
import { networkRequester } from '../passwords/index.ts';
import { type Grant, openSession, selectLastSession } from '../sessions/index.ts';
import { recordLogin, selectUser, type User, userIdOfEmail } from '../users/index.ts';
import { findPasswordCredential, verifyPassword } from './password-credential.ts';
import { signInErrors } from './sign-in.errors.ts';
import { changePasswordHash, holdPassword, selectCredentials } from './sign-in.queries.ts';
import type { LogIn } from './sign-in.schemas.ts';

/** Written after the response: before it, the extra time would reveal whether the address has an account. */
function recordFailedLogin(ctx: Ctx, user: User | undefined, membership: ActiveMembership | null): void {
  if (!user || !membership) return;
  ctx.after('accounts.login_failed', () =>
    ctx.commit({
      scope: systemScopeOf(membership.organizationId),
      skipIdempotencyRecord: true,
      write: () => [],
      audit: { action: 'user.login_failed', severity: 'warning', target: { type: 'user', id: user.id } },
      result: undefined,
    }),
  );
}

async function readAccount(ctx: Ctx, email: string) {
  const userId = userIdOfEmail(email);
  const [[user], credentials, memberships, [lastSession]] = await ctx.read(
    (q) => [
      selectUser(q, userId),
      selectCredentials(q, userId),
      selectActiveMemberships(q, userId),
      selectLastSession(q, userId),
    ],
    systemScope,
  );
  return {
    user,
    credential: user && findPasswordCredential(credentials, user.id),
    membership: chooseMembership(memberships, lastSession?.organizationId),
  };
}

/**
 * Signs a user in to the organization they used last, or else to the one they joined first. A password that is stored
 * at another cost than the current one is hashed again.
 * @throws AppError `accounts.invalid_credentials`, the same for a wrong password and an unknown address
 * @throws AppError `server.unavailable`
 */
export async function logIn(ctx: Ctx, { email, password }: LogIn): Promise<Grant> {
  const { user, credential, membership } = await readAccount(ctx, email);
  const { matches, outdated } = await verifyPassword(ctx, email, password, credential?.passwordHash);
  if (!user || !credential || !matches) {
    recordFailedLogin(ctx, user, membership);
    throw signInErrors.invalidCredentials();
  }
  const newHash = outdated
    ? await ctx.ports.passwords.hash(email, password, networkRequester(ctx))
    : undefined;
  const now = new Date(ctx.clock.now());
  const { sessionId, grant, actor, statements } = await openSession(
    ctx,
    { ...user, lastLoginAt: now },
    membership,
  );
  const organizationId = membership?.organizationId ?? null;
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    actor,
    write: (q) => [
      newHash === undefined ? holdPassword(q, credential) : changePasswordHash(q, credential, newHash, now),
      ...statements(q),
      recordLogin(q, user.id, now),
    ],
    audit: organizationId
      ? [{ action: 'user.logged_in', target: { type: 'user', id: user.id }, after: { sessionId } }]
      : [],
    result: grant,
  });
}
