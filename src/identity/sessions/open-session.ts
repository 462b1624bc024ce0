import type { Ctx } from '../../kernel/context/index.ts';
import type { Actor } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { ActiveMembership } from '../members/index.ts';
import type { User } from '../users/index.ts';
import { createGrant, createUserActor, type SessionGrant } from './create-grant.ts';
import { insertSession, type Session } from './sessions.queries.ts';

/** A session that is not stored yet. */
export interface OpenedSession {
  sessionId: string;
  grant: SessionGrant;
  /** The user as the session's actor, for the audit entry of the commit that opens it. */
  actor: Actor;
  /** Stores the session and its first refresh token. */
  statements(q: Queries): Statement[];
}

/**
 * Prepares a session of the user in the given organization, or in none, for a verb that has just verified the
 * user's identity and commits the session with its other changes.
 */
export async function openSession(
  ctx: Ctx,
  user: User,
  membership: ActiveMembership | null,
): Promise<OpenedSession> {
  const nowMs = ctx.clock.now();
  const id = ctx.ids.create('session');
  const session: Session = {
    id,
    userId: user.id,
    // A session is found by its id and by its refresh tokens; this column must only be filled and unique.
    tokenHash: id,
    organizationId: membership?.organizationId ?? null,
    ip: ctx.origin.ip,
    userAgent: ctx.origin.userAgent,
    createdAt: new Date(nowMs),
    updatedAt: new Date(nowMs),
    expiresAt: new Date(nowMs + ctx.config.REFRESH_TOKEN_SECONDS * 1000),
    revokedAt: null,
    revokedReason: null,
  };
  const { grant, store } = await createGrant(ctx, { user, sessionId: id, membership });
  return {
    sessionId: id,
    grant,
    actor: createUserActor(user.id, id, membership),
    statements: (q) => [insertSession(q, session), store(q)],
  };
}
