import { and, eq, isNull } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import type { UserIdExpression } from '../users/index.ts';
import { signInErrors } from './sign-in.errors.ts';
import { credentials } from './sign-in.tables.ts';

export type Credential = typeof credentials.$inferSelect;

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
 * `accounts.invalid_credentials` when it has changed. A change that comes later finds the new session, and ends it.
 */
export function holdPassword(q: Queries, { id, passwordHash }: Credential) {
  const held = q
    .select({ id: credentials.id })
    .from(credentials)
    .where(and(eq(credentials.id, id), hasHash(passwordHash)))
    .for('share');
  return mustChange(q, held, signInErrors.invalidCredentials);
}

/** Replaces the hash if it is still the one that was read; otherwise the commit fails with `request.stale`. */
export function changePasswordHash(q: Queries, { id, passwordHash }: Credential, newHash: string, now: Date) {
  const change = q
    .update(credentials)
    .set({ passwordHash: newHash, updatedAt: now })
    .where(and(eq(credentials.id, id), hasHash(passwordHash)))
    .returning({ id: credentials.id });
  return mustChange(q, change, requestErrors.stale);
}
