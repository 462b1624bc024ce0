import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { networkRequester, type PasswordVerification } from '../passwords/index.ts';
import { changePasswordHash, type PasswordCredential, insertCredential } from './sign-in.queries.ts';

/** `providerId` of the credentials that hold a password. */
export const PASSWORD_PROVIDER = 'credential';

/** The row of a user's password, not stored yet. */
export function buildPasswordCredential(
  ctx: Pick<Ctx, 'ids' | 'clock'>,
  userId: string,
  passwordHash: string,
): PasswordCredential {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('credential'),
    userId,
    providerId: PASSWORD_PROVIDER,
    accountId: userId,
    passwordHash,
    accessToken: null,
    refreshToken: null,
    idToken: null,
    accessTokenExpiresAt: null,
    refreshTokenExpiresAt: null,
    scope: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** The credential that holds the user's password, among all credentials of that user. */
export function findPasswordCredential(
  rows: readonly PasswordCredential[],
  userId: string,
): PasswordCredential | undefined {
  return rows.find((row) => row.providerId === PASSWORD_PROVIDER && row.accountId === userId);
}

/** The statement that stores a new password: in place of the hash that was read, or as the user's first. */
export function storePassword(
  ctx: Pick<Ctx, 'ids' | 'clock'>,
  userId: string,
  credential: PasswordCredential | undefined,
  newHash: string,
): (q: Queries) => Statement {
  if (!credential) return (q) => insertCredential(q, buildPasswordCredential(ctx, userId, newHash));
  return (q) => changePasswordHash(q, credential, newHash, new Date(ctx.clock.now()));
}

/**
 * Checks a password. Costs one hash also when there is nothing to compare with, so that the time of the answer does not
 * reveal whether an address has an account.
 * @param hash the stored hash; absent for an unknown address and for a user without a password
 * @throws AppError `server.unavailable` when too many hashes are waiting
 */
export async function verifyPassword(
  ctx: Ctx,
  email: string,
  password: string,
  hash: string | null | undefined,
): Promise<PasswordVerification> {
  const requester = networkRequester(ctx);
  if (hash) return ctx.ports.passwords.verify(email, password, hash, requester);
  await ctx.ports.passwords.hash(email, password, requester);
  return { matches: false, outdated: false };
}
