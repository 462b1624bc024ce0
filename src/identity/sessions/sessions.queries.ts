import { and, desc, eq, gt, inArray, isNull, lt, lte, ne, type SQL, sql } from 'drizzle-orm';
import type { ErrorFactory } from '../../kernel/core/index.ts';
import type { PageRange } from '../../kernel/core/index.ts';
import { mustChange, type Queries, inOrder, isInRange } from '../../kernel/db/index.ts';
import type { UserIdExpression } from '../users/index.ts';
import { users } from '../users/users.tables.ts';
import { refreshTokens, sessions } from './sessions.tables.ts';

export type Session = typeof sessions.$inferSelect;
export type RefreshToken = typeof refreshTokens.$inferSelect;

export const userIdOfRefreshToken = (tokenHash: string): SQL<string> =>
  sql`(select ${sessions.userId} from ${sessions} join ${refreshTokens} on ${refreshTokens.sessionId} = ${sessions.id}
    where ${refreshTokens.tokenHash} = ${tokenHash})`;

/** The user's newest session, active or not. */
export function selectLastSession(q: Queries, userId: UserIdExpression) {
  return q.select().from(sessions).where(eq(sessions.userId, userId)).orderBy(desc(sessions.id)).limit(1);
}

export function selectSession(q: Queries, userId: string, sessionId: string) {
  return q
    .select()
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId)));
}

/** The user's active sessions, in the order they began. */
export function selectActiveSessions(q: Queries, userId: string, now: Date, range: PageRange) {
  return q
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        isInRange(sessions.id, range),
      ),
    )
    .orderBy(inOrder(sessions.id, range))
    .limit(range.limit + 1);
}

export function selectActiveSessionIds(q: Queries, userId: string, now: Date) {
  return q
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, now)));
}

export function selectRefreshToken(q: Queries, tokenHash: string) {
  return q
    .select({ token: refreshTokens, session: sessions, user: users })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(refreshTokens.tokenHash, tokenHash));
}

export function insertSession(q: Queries, row: Session) {
  return q.insert(sessions).values(row);
}

export function insertRefreshToken(q: Queries, row: typeof refreshTokens.$inferInsert) {
  return q.insert(refreshTokens).values(row);
}

/** Extends a session that has not ended, and locks its row, so that only one request at a time changes its tokens. */
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

/** Marks the token as used; the commit fails with `error` when another request did so first. */
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

/** Marks all unused tokens of the session as used, before it gets a new one. */
export function consumeAllRefreshTokens(q: Queries, sessionId: string, now: Date) {
  return q
    .update(refreshTokens)
    .set({ usedAt: now })
    .where(and(eq(refreshTokens.sessionId, sessionId), isNull(refreshTokens.usedAt)));
}

/** Ends a session and with it all its refresh tokens; a session that has ended keeps its reason. */
export function revokeSession(q: Queries, sessionId: string, reason: string, now: Date) {
  return q
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason, updatedAt: now })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)));
}

/** Ends all sessions of a user except `exceptSessionId`. */
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

/** Deletes all sessions of a user, with their tokens and the addresses that they signed in from. */
export function deleteSessionsOfUser(q: Queries, userId: string) {
  return q.delete(sessions).where(eq(sessions.userId, userId));
}

/** At most `limit` rows each: refresh tokens that have expired, sessions that expired before `endedBefore`. */
export function deleteExpiredSessions(
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
  return [
    q.delete(refreshTokens).where(inArray(refreshTokens.id, oldTokens)),
    q.delete(sessions).where(inArray(sessions.id, oldSessions)),
  ];
}
