import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { compareOccurrences, type Occurrence, occurrencesOf } from '../../kernel/recurrence/index.ts';
import { requireGuestOfRoom, restrictedViewer, selectVisibleRoom } from '../access/index.ts';
import { type Room, roomErrors } from '../rooms/index.ts';
import { requireOccurrenceAt } from './occurrences.rules.ts';
import { readListPosition, writeListPosition } from './occurrence-cursor.rules.ts';
import type { ListOccurrences, OccurrenceParams } from './occurrences.schemas.ts';

export interface FoundOccurrence {
  room: Room;
  occurrence: Occurrence;
}

async function readRoom(ctx: Ctx, roomId: string): Promise<Room> {
  requireGuestOfRoom(ctx.actor, roomId);
  const [[found]] = await ctx.read((q) => [
    selectVisibleRoom(q, ctx.organizationId, roomId, restrictedViewer(ctx.actor)),
  ]);
  if (!found) throw roomErrors.notFound();
  return found.room;
}

/** Occurrences of a room's schedule in the order of their starts. @throws AppError `rooms.not_found` */
export async function listOccurrences(
  ctx: Ctx,
  roomId: string,
  { from, to, limit, cursor }: ListOccurrences,
): Promise<Page<FoundOccurrence>> {
  const after = readListPosition(readCursor(cursor));
  const room = await readRoom(ctx, roomId);
  const fromMs = from === undefined ? ctx.clock.now() : Date.parse(from);
  const toMs = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
  const found: FoundOccurrence[] = [];
  // What starts after the last one of the previous page ends after it, too: the search can begin there.
  const searchedFromMs = Math.max(fromMs, after?.startMs ?? fromMs);
  for (const occurrence of room.schedule
    ? occurrencesOf(room.schedule, room.scheduleChanges, searchedFromMs)
    : []) {
    if (occurrence.startMs >= toMs || found.length > limit) break;
    if (!after || compareOccurrences(occurrence, after) > 0) found.push({ room, occurrence });
  }
  return pageOf(found, limit, ({ occurrence }) => writeListPosition(occurrence));
}

/** @throws AppError `rooms.not_found` or `occurrences.not_found` */
export async function getOccurrence(
  ctx: Ctx,
  { roomId, originalStartsAt }: OccurrenceParams,
): Promise<FoundOccurrence> {
  const room = await readRoom(ctx, roomId);
  return { room, occurrence: requireOccurrenceAt(room, originalStartsAt) };
}
