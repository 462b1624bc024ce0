import { and, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import { type ErrorFactory, requestErrors } from '../../kernel/core/index.ts';
import { mustChange, mustHold, type Queries } from '../../kernel/db/index.ts';
import { emailChanges } from '../email-changes/email-changes.tables.ts';
import type { UserIdExpression } from '../users/index.ts';
import { signInErrors } from './sign-in.errors.ts';
import { credentials } from './sign-in.tables.ts';

export type PasswordCredential = typeof credentials.$inferSelect;

export function selectCredentials(q: Queries, userId: UserIdExpression) {
  return q.select().from(credentials).where(eq(credentials.userId, userId)).limit(20);
}

export function insertCredential(q: Queries, row: typeof credentials.$inferInsert) {
  return q.insert(credentials).values(row);
}

const hasHash = (passwordHash: string | null) =>
  passwordHash === null ? isNull(credentials.passwordHash) : eq(credentials.passwordHash, passwordHash);

/**
 * Locks the password that was verified, so that it does not change before the end of the commit; the commit fails with
 * `error` when it has changed. A change that comes later finds the new session, and ends it.
 */
export function holdPassword(
  q: Queries,
  { id, passwordHash }: PasswordCredential,
  error: ErrorFactory = signInErrors.invalidCredentials,
) {
  const held = q
    .select({ id: credentials.id })
    .from(credentials)
    .where(and(eq(credentials.id, id), hasHash(passwordHash)))
    .for('share');
  return mustChange(q, held, error);
}

/** Fails the commit with `accounts.wrong_password` when the password that the user entered again was changed meanwhile. */
export const holdCurrentPassword = (q: Queries, credential: PasswordCredential) =>
  holdPassword(q, credential, signInErrors.wrongPassword);

/** Replaces the hash if it is still the one that was read; otherwise the commit fails with `request.stale`. */
export function changePasswordHash(
  q: Queries,
  { id, passwordHash }: PasswordCredential,
  newHash: string,
  now: Date,
) {
  const change = q
    .update(credentials)
    .set({ passwordHash: newHash, updatedAt: now })
    .where(and(eq(credentials.id, id), hasHash(passwordHash)))
    .returning({ id: credentials.id });
  return mustChange(q, change, requestErrors.stale);
}

export function deleteCredentials(q: Queries, userId: string) {
  return q.delete(credentials).where(eq(credentials.userId, userId));
}

/** Ends the password of a user, whichever it is: they get a new one by a reset. */
export function clearPassword(q: Queries, userId: string, now: Date) {
  return q
    .update(credentials)
    .set({ passwordHash: null, updatedAt: now })
    .where(and(eq(credentials.userId, userId), isNotNull(credentials.passwordHash)));
}

/**
 * Fails the commit with `accounts.email_taken` while the user who had the address before can still undo its change: otherwise
 * an intruder could keep it from them.
 */
export function holdUnreserved(q: Queries, email: string, now: Date) {
  const reserving = q
    .select({ id: emailChanges.id })
    .from(emailChanges)
    .where(
      and(
        eq(emailChanges.oldEmail, email),
        eq(emailChanges.oldEmailVerified, true),
        isNotNull(emailChanges.confirmedAt),
        gt(emailChanges.expiresAt, now),
      ),
    );
  return mustHold(q, sql`not exists (${reserving})`, signInErrors.emailTaken);
}
