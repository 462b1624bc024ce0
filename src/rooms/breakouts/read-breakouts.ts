import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, type PageQuery, pageOf, readCursor } from '../../kernel/core/index.ts';
import { selectRoomAccess } from '../lobby/index.ts';
import {
  requesterIdentity,
  type RoomAccessRequest,
  requireAdmitted,
  type RoomAccess,
  roomAccessOf,
} from '../moderation/index.ts';
import { requireGuestOfRoom } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { selectSession, selectSessionPage } from './breakouts.queries.ts';
import { assembleSessions, type StoredBreakoutSession } from './breakouts.rules.ts';

/** @throws AppError `rooms.not_found`, `rooms.removed`, `rooms.denied` or `breakouts.not_found` */
export async function getBreakouts(
  ctx: Ctx,
  request: RoomAccessRequest,
  breakoutId: string,
): Promise<{ roomAccess: RoomAccess; session: StoredBreakoutSession }> {
  const { roomId } = request;
  requireGuestOfRoom(ctx.actor, roomId);
  const [[row], ...sessionRows] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, roomId, requesterIdentity(ctx.actor, request)),
    ...selectSession(q, ctx.organizationId, roomId, breakoutId),
  ]);
  const roomAccess = requireAdmitted(roomAccessOf(ctx.actor, request, row));
  const [session] = assembleSessions(sessionRows);
  if (!session) throw breakoutErrors.notFound();
  return { roomAccess, session };
}

/** The times that a room was divided, the newest first. @throws AppError `rooms.not_found` or `rooms.removed` */
export async function listBreakouts(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<Page<StoredBreakoutSession>> {
  const { roomId } = request;
  requireGuestOfRoom(ctx.actor, roomId);
  const before = readCursor(cursor);
  const [[row], ...sessionRows] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, roomId, requesterIdentity(ctx.actor, request)),
    ...selectSessionPage(q, ctx.organizationId, roomId, before, limit + 1),
  ]);
  requireAdmitted(roomAccessOf(ctx.actor, request, row));
  return pageOf(assembleSessions(sessionRows), limit, ({ breakout }) => breakout.id);
}
