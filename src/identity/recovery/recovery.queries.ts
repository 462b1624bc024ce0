import { eq, inArray, lt, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { verifications } from './recovery.tables.ts';

export type PasswordReset = typeof verifications.$inferSelect;

export const userIdOfPasswordReset = (identifier: string): SQL<string> =>
  sql`(select ${verifications.value} from ${verifications} where ${verifications.identifier} = ${identifier} limit 1)`;

export function selectPasswordReset(q: Queries, identifier: string) {
  return q.select().from(verifications).where(eq(verifications.identifier, identifier)).limit(1);
}

export function insertPasswordReset(q: Queries, row: PasswordReset) {
  return q.insert(verifications).values(row);
}

/** Deletes the reset if it is still there; otherwise, used by another call, the commit fails with `request.stale`. */
export function consumePasswordReset(q: Queries, { id }: Pick<PasswordReset, 'id'>) {
  const removal = q.delete(verifications).where(eq(verifications.id, id)).returning({ id: verifications.id });
  return mustChange(q, removal, requestErrors.stale);
}

/** Deletes all resets of a user: the links mailed to an address that they have no longer. */
export function deletePasswordResetsOfUser(q: Queries, userId: string) {
  return q.delete(verifications).where(eq(verifications.value, userId));
}

/** At most `limit` rows of links that have expired. */
export function deleteExpiredVerifications(q: Queries, now: Date, limit: number) {
  const expired = q
    .select({ id: verifications.id })
    .from(verifications)
    .where(lt(verifications.expiresAt, now))
    .limit(limit);
  return q.delete(verifications).where(inArray(verifications.id, expired));
}
