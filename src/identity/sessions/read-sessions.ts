import { type Ctx, requireUser, systemScope } from '../../kernel/context/index.ts';
import { type Page, pageOf, type OrderedPageQuery, readPageRange } from '../../kernel/core/index.ts';
import { selectActiveSessions, type Session } from './sessions.queries.ts';

/** A session as its user sees it. */
export interface OwnSession {
  session: Session;
  /** Whether the credential of the request belongs to it. */
  current: boolean;
}

/** The caller's active sessions. */
export async function listSessions(ctx: Ctx, page: OrderedPageQuery): Promise<Page<OwnSession>> {
  const { userId, sessionId } = requireUser(ctx);
  const range = readPageRange(page);
  const now = new Date(ctx.clock.now());
  const [rows] = await ctx.read((q) => [selectActiveSessions(q, userId, now, range)], systemScope);
  const { data, nextCursor } = pageOf(rows, page.limit, (session) => session.id);
  return { data: data.map((session) => ({ session, current: session.id === sessionId })), nextCursor };
}
