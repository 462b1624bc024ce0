import { type Ctx, requireUser, systemScope } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor } from '../../kernel/core/index.ts';
import { selectActiveSessions, type Session } from './sessions.queries.ts';

/** A session as its user sees it. */
export interface OwnSession {
  session: Session;
  /** Whether the credential of the request belongs to it. */
  current: boolean;
}

/** The caller's active sessions, in the order they began. */
export async function listSessions(ctx: Ctx, { limit, cursor }: PageQuery): Promise<Page<OwnSession>> {
  const { userId, sessionId } = requireUser(ctx);
  const after = readCursor(cursor);
  const now = new Date(ctx.clock.now());
  const [rows] = await ctx.read((q) => [selectActiveSessions(q, userId, now, after, limit)], systemScope);
  const { data, nextCursor } = pageOf(rows, limit, (session) => session.id);
  return { data: data.map((session) => ({ session, current: session.id === sessionId })), nextCursor };
}
