import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../../rooms/access/index.ts';
import { recordsOfMove } from './phone-call-records.ts';
import { phoneCallErrors } from './phone-calls.errors.ts';
import { changePhoneCall, selectPhoneCall, selectPhoneCalls } from './phone-calls.queries.ts';
import { isOver, moveTo } from './phone-calls.rules.ts';
import type { PhoneCall } from './phone-calls.tables.ts';

/** A telephone call, for a moderator of its room. @throws AppError `rooms.not_found`, `moderation.not_moderator` or `phone_calls.not_found` */
export async function getPhoneCall(
  ctx: Ctx,
  request: RoomAccessRequest,
  phoneCallId: string,
): Promise<PhoneCall> {
  const [access, [row]] = await requireRoomAccess(ctx, request, (q) => [
    selectPhoneCall(q, ctx.organizationId, request.roomId, phoneCallId),
  ]);
  requireModerator(access);
  if (!row) throw phoneCallErrors.notFound();
  return row;
}

/** The telephone calls of a room, newest first. @throws AppError `rooms.not_found` or `moderation.not_moderator` */
export async function listPhoneCalls(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<Page<PhoneCall>> {
  const page = { before: readCursor(cursor), limit };
  const [access, rows] = await requireRoomAccess(ctx, request, (q) => [
    selectPhoneCalls(q, ctx.organizationId, request.roomId, page),
  ]);
  requireModerator(access);
  return pageOf(rows, limit, ({ id }) => id);
}

/**
 * Hangs a telephone call up; within seconds it is over. A call that is ending or over does not change.
 * @throws AppError as `getPhoneCall`, or `request.stale`
 */
export async function hangUpPhoneCall(
  ctx: Ctx,
  request: RoomAccessRequest,
  phoneCallId: string,
): Promise<PhoneCall> {
  const row = await getPhoneCall(ctx, request, phoneCallId);
  if (isOver(row) || row.state === 'ending') return row;
  const now = new Date(ctx.clock.now());
  const reason = row.answeredAt === null ? 'cancelled' : 'ended_by_host';
  const set = moveTo(row, 'ending', reason, now.getTime());
  const changed = { ...row, ...set, updatedAt: now, version: row.version + 1 };
  const { audit, events } = recordsOfMove(row, changed);
  return ctx.commit({
    write: (q) => changePhoneCall(q, row, set, now),
    audit,
    events,
    result: changed,
  });
}
