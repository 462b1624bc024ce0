import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, type PageQuery, pageOf, readCursor } from '../../kernel/core/index.ts';
import {
  requireAdmitted,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { selectSession, selectSessionPage } from './breakouts.queries.ts';
import { assembleSessions, type StoredBreakoutSession } from './breakouts.rules.ts';

/** @throws AppError `rooms.not_found`, `rooms.removed`, `rooms.denied` or `breakouts.not_found` */
export async function getBreakouts(
  ctx: Ctx,
  request: RoomAccessRequest,
  breakoutId: string,
): Promise<{ roomAccess: RoomAccess; session: StoredBreakoutSession }> {
  const [roomAccess, ...sessionRows] = await requireRoomAccess(ctx, request, (q) => [
    ...selectSession(q, ctx.organizationId, request.roomId, breakoutId),
  ]);
  requireAdmitted(roomAccess);
  const [session] = assembleSessions(sessionRows);
  if (!session) throw breakoutErrors.notFound();
  return { roomAccess, session };
}

/** The sessions of a room, newest first. @throws AppError `rooms.not_found`, `rooms.removed` or `rooms.denied` */
export async function listBreakouts(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<Page<StoredBreakoutSession>> {
  const before = readCursor(cursor);
  const [roomAccess, ...sessionRows] = await requireRoomAccess(ctx, request, (q) => [
    ...selectSessionPage(q, ctx.organizationId, request.roomId, before, limit),
  ]);
  requireAdmitted(roomAccess);
  return pageOf(assembleSessions(sessionRows), limit, ({ breakout }) => breakout.id);
}
