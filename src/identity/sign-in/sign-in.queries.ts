import { and, eq, isNull } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import type { UserIdExpression } from '../users/index.ts';
import { credentials } from './sign-in.tables.ts';

export type Credential = typeof credentials.$inferSelect;

export function selectCredentials(q: Queries, userId: UserIdExpression) {
  return q.select().from(credentials).where(eq(credentials.userId, userId)).limit(20);
}

export function insertCredential(q: Queries, row: typeof credentials.$inferInsert) {
  return q.insert(credentials).values(row);
}

/** Replaces the hash if it is still the one that was read; otherwise the commit fails with `request.stale`. */
export function changePasswordHash(q: Queries, { id, passwordHash }: Credential, newHash: string, now: Date) {
  const isUnchanged =
    passwordHash === null ? isNull(credentials.passwordHash) : eq(credentials.passwordHash, passwordHash);
  const change = q
    .update(credentials)
    .set({ passwordHash: newHash, updatedAt: now })
    .where(and(eq(credentials.id, id), isUnchanged))
    .returning({ id: credentials.id });
  return mustChange(q, change, requestErrors.stale);
}
