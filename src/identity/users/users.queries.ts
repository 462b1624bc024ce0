import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { type Queries, changeVersioned, mustChange } from '../../kernel/db/index.ts';
import { users } from './users.tables.ts';

export type User = typeof users.$inferSelect;

/** The id of a user, or an SQL expression that finds it within the same round trip. */
export type UserIdExpression = string | SQL<string>;

export const userIdOfEmail = (email: string | SQL<string>): SQL<string> =>
  sql`(select ${users.id} from ${users} where lower(${users.email}) = ${email})`;

export function selectUser(q: Queries, userId: UserIdExpression) {
  return q.select().from(users).where(eq(users.id, userId));
}

export function insertUser(q: Queries, row: User) {
  return q.insert(users).values(row);
}

/** Makes commits of one user wait for each other. */
export function lockUser(q: Queries, userId: string) {
  return q.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update');
}

/** Locks the user while they have this address; otherwise the commit fails with `request.stale`. */
export function holdAddress(q: Queries, { id, email }: Pick<User, 'id' | 'email'>) {
  const held = q
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, id), eq(users.email, email)))
    .for('share');
  return mustChange(q, held, requestErrors.stale);
}

/**
 * Does not raise the version: logging in must not make an edit elsewhere stale. The commit fails with `request.stale` when the
 * deletion of the account was requested in between.
 */
export function recordLogin(q: Queries, userId: string, now: Date) {
  const change = q
    .update(users)
    .set({ lastLoginAt: now })
    .where(and(eq(users.id, userId), isNull(users.deletesAt)))
    .returning({ id: users.id });
  return mustChange(q, change, requestErrors.stale);
}

/** Deletes the row, and all rows that are deleted with it. */
export function deleteUser(q: Queries, userId: string) {
  return q.delete(users).where(eq(users.id, userId));
}

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeUser(q: Queries, row: User, set: Partial<typeof users.$inferInsert>) {
  return changeVersioned(q, users, row, set);
}
