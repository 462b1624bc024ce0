import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, ne, type SQL, sql } from 'drizzle-orm';
import { type ErrorFactory, requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { members } from '../members/members.tables.ts';
import { organizations } from '../organizations/organizations.tables.ts';
import { credentials, refreshTokens, sessions, users, verifications } from './accounts.tables.ts';

export type User = typeof users.$inferSelect;
export type Session = typeof sessions.$inferSelect;
export type RefreshToken = typeof refreshTokens.$inferSelect;
export type Credential = typeof credentials.$inferSelect;
export type PasswordReset = typeof verifications.$inferSelect;

/** The id of a person, known or to be found by the database within the same round trip. */
export type UserIdExpression = string | SQL<string>;

export const userIdOfEmail = (email: string): SQL<string> =>
  sql`(select ${users.id} from ${users} where lower(${users.email}) = ${email})`;
export const userIdOfRefreshToken = (tokenHash: string): SQL<string> =>
  sql`(select ${sessions.userId} from ${sessions} join ${refreshTokens} on ${refreshTokens.sessionId} = ${sessions.id}
    where ${refreshTokens.tokenHash} = ${tokenHash})`;
export const userIdOfPasswordReset = (identifier: string): SQL<string> =>
  sql`(select ${verifications.value} from ${verifications} where ${verifications.identifier} = ${identifier} limit 1)`;

export function selectUser(q: Queries, userId: UserIdExpression) {
  return q.select().from(users).where(eq(users.id, userId));
}

export function selectCredentials(q: Queries, userId: UserIdExpression) {
  return q.select().from(credentials).where(eq(credentials.userId, userId)).limit(20);
}

/** Where a person may enter: their active places in organizations that exist, the oldest first. */
export function selectActiveMemberships(q: Queries, userId: UserIdExpression) {
  return q
    .select({ organizationId: members.organizationId, role: members.role, plan: organizations.plan })
    .from(members)
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(and(eq(members.userId, userId), eq(members.status, 'active'), isNull(organizations.deletedAt)))
    .orderBy(asc(members.createdAt), asc(members.id))
    .limit(100);
}

/** The session a person began last, whatever became of it. */
export function selectLastSession(q: Queries, userId: UserIdExpression) {
  return q.select().from(sessions).where(eq(sessions.userId, userId)).orderBy(desc(sessions.id)).limit(1);
}

export function selectSession(q: Queries, userId: string, sessionId: string) {
  return q
    .select()
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId)));
}

/** The sessions that go on, in the order they began. */
export function selectActiveSessions(
  q: Queries,
  userId: string,
  now: Date,
  after: string | undefined,
  limit: number,
) {
  return q
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        after === undefined ? undefined : gt(sessions.id, after),
      ),
    )
    .orderBy(asc(sessions.id))
    .limit(limit);
}

export function selectRefreshToken(q: Queries, tokenHash: string) {
  return q
    .select({ token: refreshTokens, session: sessions, user: users })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(refreshTokens.tokenHash, tokenHash));
}

export function selectPasswordReset(q: Queries, identifier: string) {
  return q.select().from(verifications).where(eq(verifications.identifier, identifier)).limit(1);
}

export function insertUser(q: Queries, row: User) {
  return q.insert(users).values(row);
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

export function insertSession(q: Queries, row: Session) {
  return q.insert(sessions).values(row);
}

export function insertPasswordReset(q: Queries, row: PasswordReset) {
  return q.insert(verifications).values(row);
}

/** Deletes the reset if it is still there; otherwise, used by another call, the commit fails with `request.stale`. */
export function consumePasswordReset(q: Queries, { id }: Pick<PasswordReset, 'id'>) {
  const removal = q.delete(verifications).where(eq(verifications.id, id)).returning({ id: verifications.id });
  return mustChange(q, removal, requestErrors.stale);
}

export function insertRefreshToken(q: Queries, row: typeof refreshTokens.$inferInsert) {
  return q.insert(refreshTokens).values(row);
}

/** Goes on with a session that has not ended, and holds its row, so that its tokens change one caller at a time. */
export function extendSession(
  q: Queries,
  { id }: Pick<Session, 'id'>,
  set: Pick<Session, 'organizationId' | 'expiresAt' | 'updatedAt'>,
  error: ErrorFactory,
) {
  const change = q
    .update(sessions)
    .set(set)
    .where(and(eq(sessions.id, id), isNull(sessions.revokedAt)))
    .returning({ id: sessions.id });
  return mustChange(q, change, error);
}

/** Uses the token up; the commit fails with `error` when another call was first. */
export function consumeRefreshToken(
  q: Queries,
  { id }: Pick<RefreshToken, 'id'>,
  now: Date,
  error: ErrorFactory,
) {
  const change = q
    .update(refreshTokens)
    .set({ usedAt: now })
    .where(and(eq(refreshTokens.id, id), isNull(refreshTokens.usedAt)))
    .returning({ id: refreshTokens.id });
  return mustChange(q, change, error);
}

/** Uses up whatever the session still could refresh with; a new token follows. */
export function consumeAllRefreshTokens(q: Queries, sessionId: string, now: Date) {
  return q
    .update(refreshTokens)
    .set({ usedAt: now })
    .where(and(eq(refreshTokens.sessionId, sessionId), isNull(refreshTokens.usedAt)));
}

/** Ends a session and with it all its refresh tokens; one that has ended stays as it is. */
export function revokeSession(q: Queries, sessionId: string, reason: string, now: Date) {
  return q
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason, updatedAt: now })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)));
}

/** Ends all sessions of a person, but for `except`. */
export function revokeSessionsOfUser(
  q: Queries,
  userId: string,
  reason: string,
  now: Date,
  exceptSessionId?: string,
) {
  return q
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason, updatedAt: now })
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        exceptSessionId === undefined ? undefined : ne(sessions.id, exceptSessionId),
      ),
    );
}

export function recordLogin(q: Queries, userId: string, now: Date) {
  return q.update(users).set({ lastLoginAt: now }).where(eq(users.id, userId));
}

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function changeUser(q: Queries, { id, version }: User, set: Partial<typeof users.$inferInsert>) {
  const change = q
    .update(users)
    .set({ ...set, version: sql`${users.version} + 1` })
    .where(and(eq(users.id, id), eq(users.version, version)))
    .returning({ id: users.id });
  return mustChange(q, change, requestErrors.stale);
}

/** At most `limit` rows of each kind that nobody can use any more. */
export function deleteExpiredSignIns(
  q: Queries,
  now: Date,
  endedBefore: Date,
  oldTokensBelowId: string,
  limit: number,
) {
  const oldSessions = q
    .select({ id: sessions.id })
    .from(sessions)
    .where(lt(sessions.expiresAt, endedBefore))
    .limit(limit);
  const oldTokens = q
    .select({ id: refreshTokens.id })
    .from(refreshTokens)
    .where(and(lt(refreshTokens.id, oldTokensBelowId), lte(refreshTokens.expiresAt, now)))
    .limit(limit);
  const oldVerifications = q
    .select({ id: verifications.id })
    .from(verifications)
    .where(lt(verifications.expiresAt, now))
    .limit(limit);
  return [
    q.delete(refreshTokens).where(inArray(refreshTokens.id, oldTokens)),
    q.delete(verifications).where(inArray(verifications.id, oldVerifications)),
    q.delete(sessions).where(inArray(sessions.id, oldSessions)),
  ];
}
