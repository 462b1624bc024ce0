import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { type ActiveMembership, chooseMembership, selectActiveMemberships } from '../members/index.ts';
import { networkRequester } from '../passwords/index.ts';
import { type SessionGrant, openSession, selectLastSession } from '../sessions/index.ts';
import { changeUser, recordLogin, selectUser, type User, userIdOfEmail } from '../users/index.ts';
import { findPasswordCredential, verifyPassword } from './password-credential.ts';
import { signInErrors } from './sign-in.errors.ts';
import {
  changePasswordHash,
  type PasswordCredential,
  holdPassword,
  selectCredentials,
} from './sign-in.queries.ts';
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

interface Account {
  user: User;
  credential: PasswordCredential;
  membership: ActiveMembership | null;
  /** The hash to store in place of one at another cost. */
  newHash: string | undefined;
}

/** @throws AppError `accounts.invalid_credentials`, the same for a wrong password and an unknown address */
async function verifyAccount(ctx: Ctx, { email, password }: LogIn): Promise<Account> {
  const { user, credential, membership } = await readAccount(ctx, email);
  const { matches, outdated } = await verifyPassword(ctx, email, password, credential?.passwordHash);
  // An account whose time to be restored is over is about to be erased.
  const isOver = user?.deletesAt && user.deletesAt.getTime() <= ctx.clock.now();
  if (!user || !credential || !matches || isOver) {
    recordFailedLogin(ctx, user, membership);
    throw signInErrors.invalidCredentials();
  }
  const newHash = outdated
    ? await ctx.ports.passwords.hash(email, password, networkRequester(ctx))
    : undefined;
  return { user, credential, membership, newHash };
}

/** Commits a new session, and with `restore` the end of the scheduled deletion. */
async function startSession(ctx: Ctx, account: Account, restore: boolean): Promise<SessionGrant> {
  const { user, credential, membership, newHash } = account;
  const now = new Date(ctx.clock.now());
  const restored = { lastLoginAt: now, deletesAt: null, updatedAt: now };
  const current = restore
    ? { ...user, ...restored, version: user.version + 1 }
    : { ...user, lastLoginAt: now };
  const { sessionId, grant, actor, statements } = await openSession(ctx, current, membership);
  const organizationId = membership?.organizationId ?? null;
  const target = { type: 'user', id: user.id };
  const restoration = restore ? [{ action: 'user.restored', severity: 'warning' as const, target }] : [];
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    actor,
    write: (q) => [
      newHash === undefined ? holdPassword(q, credential) : changePasswordHash(q, credential, newHash, now),
      restore ? changeUser(q, user, restored) : recordLogin(q, user.id, now),
      ...statements(q),
    ],
    audit: organizationId ? [...restoration, { action: 'user.logged_in', target, after: { sessionId } }] : [],
    result: grant,
  });
}

/**
 * Signs a user in to the organization they used last, or else to the one they joined first. A password that is stored
 * at another cost than the current one is hashed again.
 * @throws AppError `accounts.invalid_credentials`, the same for a wrong password and an unknown address
 * @throws AppError `accounts.deletion_scheduled` with the right password of an account that is to be deleted
 * @throws AppError `server.unavailable`
 */
export async function logIn(ctx: Ctx, input: LogIn): Promise<SessionGrant> {
  const account = await verifyAccount(ctx, input);
  const { deletesAt } = account.user;
  if (deletesAt)
    throw signInErrors.deletionScheduled({ detail: `it is erased on ${deletesAt.toISOString()}` });
  return startSession(ctx, account, false);
}

/**
 * Takes back the deletion of an account and signs its user in. An account that is not to be deleted is signed in to only.
 * @throws AppError `accounts.invalid_credentials`, also when the time to restore the account is over; `server.unavailable`
 */
export async function restoreAccount(ctx: Ctx, input: LogIn): Promise<SessionGrant> {
  const account = await verifyAccount(ctx, input);
  return startSession(ctx, account, account.user.deletesAt !== null);
}
