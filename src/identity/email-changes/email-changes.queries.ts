import { and, eq, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { emailChangeErrors } from './email-changes.errors.ts';
import type { EmailChange } from './email-changes.rules.ts';
import { emailChanges } from './email-changes.tables.ts';

export const userIdOfChange = (changeId: string): SQL<string> =>
  sql`(select ${emailChanges.userId} from ${emailChanges} where ${emailChanges.id} = ${changeId})`;

export const newEmailOfChange = (changeId: string): SQL<string> =>
  sql`(select ${emailChanges.newEmail} from ${emailChanges} where ${emailChanges.id} = ${changeId})`;

export function selectEmailChange(q: Queries, changeId: string) {
  return q.select().from(emailChanges).where(eq(emailChanges.id, changeId));
}

export function insertEmailChange(q: Queries, row: EmailChange) {
  return q.insert(emailChanges).values(row);
}

/** Deletes what the user has requested and nobody has confirmed. */
export function deleteRequestedChanges(q: Queries, userId: string) {
  return q.delete(emailChanges).where(and(eq(emailChanges.userId, userId), isNull(emailChanges.confirmedAt)));
}

/** Marks the change as confirmed; of two requests at once the second fails with `accounts.email_change_invalid`. */
export function markConfirmed(q: Queries, { id }: EmailChange, now: Date, expiresAt: Date) {
  const change = q
    .update(emailChanges)
    .set({ confirmedAt: now, updatedAt: now, expiresAt })
    .where(and(eq(emailChanges.id, id), isNull(emailChanges.confirmedAt)))
    .returning({ id: emailChanges.id });
  return mustChange(q, change, emailChangeErrors.emailChangeInvalid);
}

/** Deletes a change as it was read; the commit fails with `request.stale` when it was confirmed or stopped since. */
export function consumeEmailChange(q: Queries, { id, updatedAt }: EmailChange) {
  const removal = q
    .delete(emailChanges)
    .where(and(eq(emailChanges.id, id), eq(emailChanges.updatedAt, updatedAt)))
    .returning({ id: emailChanges.id });
  return mustChange(q, removal, requestErrors.stale);
}

/** Deletes the changes that the user requested since a moment. */
export function deleteChangesSince(q: Queries, userId: string, since: Date) {
  return q
    .delete(emailChanges)
    .where(and(eq(emailChanges.userId, userId), gte(emailChanges.createdAt, since)));
}

export function deleteChangesOfUser(q: Queries, userId: string) {
  return q.delete(emailChanges).where(eq(emailChanges.userId, userId));
}

/** At most `limit` rows of changes that can be neither confirmed nor undone any more. */
export function deleteExpiredChanges(q: Queries, now: Date, limit: number) {
  const expired = q
    .select({ id: emailChanges.id })
    .from(emailChanges)
    .where(lt(emailChanges.expiresAt, now))
    .limit(limit);
  return q.delete(emailChanges).where(inArray(emailChanges.id, expired));
}
