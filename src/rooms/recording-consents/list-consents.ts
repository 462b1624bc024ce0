import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import { selectConsents } from './recording-consents.queries.ts';
import type { ListConsents } from './recording-consents.schemas.ts';

type ConsentOfPerson = Awaited<ReturnType<typeof selectConsents>>[number];

/**
 * The answers of people to whether they agree to be recorded in calls of the room, newest first; for guests of the calls in which
 * they have or had a seat.
 * @throws AppError `rooms.not_found` or `moderation.not_moderator`
 */
export async function listConsents(
  ctx: Ctx,
  request: RoomAccessRequest,
  { callId, limit, cursor }: ListConsents,
): Promise<Page<ConsentOfPerson>> {
  const guest = ctx.actor.kind === 'guest' ? actorId(ctx.actor) : null;
  const page = { callId, guest, before: readCursor(cursor), limit };
  const [access, rows] = await requireRoomAccess(ctx, request, (q) => [
    selectConsents(q, ctx.organizationId, request.roomId, page),
  ]);
  requireModerator(access);
  return pageOf(rows, limit, ({ consent }) => consent.id);
}
