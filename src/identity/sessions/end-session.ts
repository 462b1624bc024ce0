import {
  type Ctx,
  requireSession,
  requireUser,
  systemScope,
  systemScopeOf,
} from '../../kernel/context/index.ts';
import { type ActiveMembership, auditedOrganization, selectActiveMemberships } from '../members/index.ts';
import { sessionErrors } from './sessions.errors.ts';
import { sessionEnded } from './sessions.events.ts';
import {
  revokeSession,
  revokeSessionsOfUser,
  selectActiveSessionIds,
  selectSession,
  type Session,
} from './sessions.queries.ts';
import { isSessionActive } from './sessions.rules.ts';

async function revokeOwnSession(
  ctx: Ctx,
  { id, userId }: Session,
  memberships: readonly ActiveMembership[],
  reason: 'logged_out' | 'revoked_by_owner',
): Promise<void> {
  const organizationId = auditedOrganization(memberships, requireUser(ctx).organizationId);
  const action = reason === 'logged_out' ? 'user.logged_out' : 'session.revoked';
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [revokeSession(q, id, reason, new Date(ctx.clock.now()))],
    audit: organizationId ? [{ action, target: { type: 'session', id }, after: { reason } }] : [],
    events: [sessionEnded.of({ userId, sessionId: id })],
    result: undefined,
  });
}

const readSession = (ctx: Ctx, userId: string, sessionId: string) =>
  ctx.read((q) => [selectSession(q, userId, sessionId), selectActiveMemberships(q, userId)], systemScope);

/** Ends the caller's session, and with it its access tokens; does nothing when another request has just ended it. */
export async function logOut(ctx: Ctx): Promise<void> {
  const { userId, sessionId } = requireSession(ctx);
  const [[session], memberships] = await readSession(ctx, userId, sessionId);
  if (session && isSessionActive(session, ctx.clock.now()))
    await revokeOwnSession(ctx, session, memberships, 'logged_out');
}

/**
 * Ends the sessions of the caller on all devices.
 * @param exceptCurrent keeps the one of the request
 */
export async function endAllSessions(ctx: Ctx, exceptCurrent: boolean): Promise<void> {
  const { userId, sessionId, organizationId: credentialOrganizationId } = requireSession(ctx);
  const now = new Date(ctx.clock.now());
  const kept = exceptCurrent ? sessionId : undefined;
  const [open, memberships] = await ctx.read(
    (q) => [selectActiveSessionIds(q, userId, now), selectActiveMemberships(q, userId)],
    systemScope,
  );
  const organizationId = auditedOrganization(memberships, credentialOrganizationId);
  const ended = open.filter(({ id }) => id !== kept);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [revokeSessionsOfUser(q, userId, 'revoked_by_owner', now, kept)],
    audit: organizationId
      ? [
          {
            action: 'user.sessions_revoked',
            severity: 'warning',
            target: { type: 'user', id: userId },
            after: { count: ended.length, exceptCurrent },
          },
        ]
      : [],
    events: ended.map(({ id }) => sessionEnded.of({ userId, sessionId: id })),
    result: undefined,
  });
}

/**
 * Ends one of the caller's sessions.
 * @throws AppError `accounts.session_not_found` also for a session that has ended, and for another user's
 */
export async function endSession(ctx: Ctx, sessionId: string): Promise<void> {
  const { userId } = requireUser(ctx);
  const [[session], memberships] = await readSession(ctx, userId, sessionId);
  if (!session || !isSessionActive(session, ctx.clock.now())) throw sessionErrors.sessionNotFound();
  await revokeOwnSession(ctx, session, memberships, 'revoked_by_owner');
}
