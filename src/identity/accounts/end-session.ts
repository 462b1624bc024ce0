import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import {
  type Actor,
  authErrors,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
} from '../../kernel/core/index.ts';
import { accountErrors } from './accounts.errors.ts';
import { selectSession, selectActiveSessions, revokeSession, type Session } from './accounts.queries.ts';
import { isSessionActive } from './accounts.rules.ts';
import { systemScopeOf } from './create-grant.ts';

/** @throws AppError `auth.forbidden` for anyone but a signed-in person */
export function requireUser({ actor }: Ctx): Extract<Actor, { kind: 'user' }> {
  if (actor.kind !== 'user') throw authErrors.forbidden();
  return actor;
}

/** A session as its owner sees it. */
export interface OwnSession {
  session: Session;
  current: boolean;
}

/** Where the caller is signed in. */
export async function listSessions(ctx: Ctx, { limit, cursor }: PageQuery): Promise<Page<OwnSession>> {
  const { userId, sessionId } = requireUser(ctx);
  const after = readCursor(cursor);
  const now = new Date(ctx.clock.now());
  const [rows] = await ctx.read((q) => [selectActiveSessions(q, userId, now, after, limit + 1)], systemScope);
  const { data, nextCursor } = pageOf(rows, limit, (session) => session.id);
  return { data: data.map((session) => ({ session, current: session.id === sessionId })), nextCursor };
}

async function revokeOwnSession(
  ctx: Ctx,
  { id }: Session,
  reason: 'logged_out' | 'revoked_by_owner',
): Promise<void> {
  const { organizationId } = requireUser(ctx);
  const action = reason === 'logged_out' ? 'user.logged_out' : 'session.revoked';
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [revokeSession(q, id, reason, new Date(ctx.clock.now()))],
    audit: organizationId ? [{ action, target: { type: 'session', id }, after: { reason } }] : [],
    result: undefined,
  });
}

/** Ends the caller's session; one that has ended already stays so. Its access token lives out its minutes. */
export async function logOut(ctx: Ctx): Promise<void> {
  const { userId, sessionId } = requireUser(ctx);
  const [[session]] = await ctx.read((q) => [selectSession(q, userId, sessionId)], systemScope);
  if (session && isSessionActive(session, ctx.clock.now()))
    await revokeOwnSession(ctx, session, 'logged_out');
}

/**
 * Ends one of the caller's sessions.
 * @throws AppError `accounts.session_not_found` also for one that has ended, and for another person's
 */
export async function endSession(ctx: Ctx, sessionId: string): Promise<void> {
  const { userId } = requireUser(ctx);
  const [[session]] = await ctx.read((q) => [selectSession(q, userId, sessionId)], systemScope);
  if (!session || !isSessionActive(session, ctx.clock.now())) throw accountErrors.sessionNotFound();
  await revokeOwnSession(ctx, session, 'revoked_by_owner');
}
