import { type Ctx, requireSession, systemScope } from '../../kernel/context/index.ts';
import type { Queries, ReadRows, Statement } from '../../kernel/db/index.ts';
import { auditedOrganization, selectActiveMemberships } from '../members/index.ts';
import { provenRequester } from '../passwords/index.ts';
import { requireActiveSession, selectSession } from '../sessions/index.ts';
import { selectUser, type User, userErrors } from '../users/index.ts';
import { findPasswordCredential } from './password-credential.ts';
import { signInErrors } from './sign-in.errors.ts';
import { type PasswordCredential, selectCredentials } from './sign-in.queries.ts';

/** The account of the caller, as it was read. */
export interface OwnAccount {
  user: User;
  sessionId: string;
  /** All credentials of the user. */
  credentials: readonly PasswordCredential[];
  /** The organization whose audit log holds what the user does to the account; null when they are in none. */
  organizationId: string | null;
}

/**
 * Reads the account of the caller, whose session is active, and what `alsoRead` selects.
 * @throws AppError `auth.forbidden` for everybody but a signed-in user; `accounts.session_ended` or
 * `accounts.user_not_found`
 */
export async function readOwnAccount<const T extends readonly Statement[] = readonly []>(
  ctx: Ctx,
  alsoRead?: (q: Queries) => T,
): Promise<[OwnAccount, ...ReadRows<T>]> {
  const { userId, sessionId, organizationId } = requireSession(ctx);
  const [[user], credentials, [session], memberships, ...rest] = await ctx.read(
    (q) => [
      selectUser(q, userId),
      selectCredentials(q, userId),
      selectSession(q, userId, sessionId),
      selectActiveMemberships(q, userId),
      ...(alsoRead?.(q) ?? []),
    ],
    systemScope,
  );
  requireActiveSession(session, ctx.clock.now());
  if (!user) throw userErrors.userNotFound();
  const account = {
    user,
    sessionId,
    credentials,
    organizationId: auditedOrganization(memberships, organizationId),
  };
  return [account, ...rest] as [OwnAccount, ...ReadRows<T>];
}

/**
 * Checks the password that a signed-in user enters again. The commit that follows holds it (`holdPassword`), because it may
 * be changed in the meantime.
 * @returns the credential with the password
 * @throws AppError `accounts.wrong_password`, also for a user without a password; `server.unavailable`
 */
export async function requireCurrentPassword(
  ctx: Pick<Ctx, 'ports'>,
  { user, credentials, sessionId }: OwnAccount,
  entered: string,
): Promise<PasswordCredential> {
  const credential = findPasswordCredential(credentials, user.id);
  if (!credential?.passwordHash) throw signInErrors.wrongPassword();
  const { passwordHash } = credential;
  const requester = provenRequester(sessionId);
  const { matches } = await ctx.ports.passwords.verify(user.email, entered, passwordHash, requester);
  if (!matches) throw signInErrors.wrongPassword();
  return credential;
}
