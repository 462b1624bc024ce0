import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { HashRequester } from '../passwords/index.ts';
import { insertUser, type User } from '../users/index.ts';
import { buildPasswordCredential } from './password-credential.ts';
import { insertCredential } from './sign-in.queries.ts';
import type { SignUp } from './sign-in.schemas.ts';

/** A user with a password; neither is stored yet. */
export interface PreparedAccount {
  user: User;
  statements(q: Queries): Statement[];
}

export interface PrepareAccountOptions {
  /** Whether the request itself proves that the user receives mail at the address. */
  emailVerified: boolean;
  /** Whose turn it is to hash: the holder of a token, or else the network of the request. */
  requester: HashRequester;
}

/**
 * Prepares an account for a verb that commits it together with a membership and a session. That verb maps a violated
 * `users_email_key`, which a concurrent sign-up causes, to `accounts.email_taken`.
 * @throws AppError `server.unavailable`
 */
export async function prepareAccount(
  ctx: Ctx,
  { email, password, name }: SignUp,
  { emailVerified, requester }: PrepareAccountOptions,
): Promise<PreparedAccount> {
  const passwordHash = await ctx.ports.passwords.hash(email, password, requester);
  const now = new Date(ctx.clock.now());
  const user: User = {
    id: ctx.ids.create('user'),
    email,
    emailVerified,
    name,
    avatarUrl: null,
    bio: null,
    locale: 'en',
    timeZone: 'UTC',
    metadata: {},
    createdAt: now,
    updatedAt: now,
    lastLoginAt: now,
    deletesAt: null,
    erasedAt: null,
    version: 1,
  };
  const credential = buildPasswordCredential(ctx, user.id, passwordHash);
  return { user, statements: (q) => [insertUser(q, user), insertCredential(q, credential)] };
}
