import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import { readRoomAccess, requireManager, requireVisible } from '../access/index.ts';
import { occurrenceChanged, updateRoomRow } from '../rooms/index.ts';
import {
  changeOf,
  mergeChange,
  replaceChange,
  requireOccurrenceAt,
  requireSeries,
} from './occurrences.rules.ts';
import type { ChangeOccurrence, OccurrenceParams } from './occurrences.schemas.ts';
import type { FoundOccurrence } from './read-occurrences.ts';

/**
 * Cancels, moves or changes one occurrence of a room's series, or takes that back. The others stay.
 * @throws AppError `rooms.not_found`, `rooms.not_manager`, `request.stale`, `occurrences.not_recurring`,
 * `occurrences.not_found` or `occurrences.too_many_changes`
 */
export async function changeOccurrence(
  ctx: Ctx,
  { roomId, originalStartsAt }: OccurrenceParams,
  input: ChangeOccurrence,
  ifMatch: IfMatch,
): Promise<FoundOccurrence> {
  const [access] = await readRoomAccess(ctx, { roomId });
  const { room } = requireVisible(access);
  requireManager(ctx.actor, room, access);
  requireVersion(room, ifMatch);
  requireSeries(room);
  const occurrence = requireOccurrenceAt(room, originalStartsAt);
  const before = changeOf(room, originalStartsAt);
  const after = mergeChange(before, originalStartsAt, input);
  if (JSON.stringify(after) === JSON.stringify(before)) return { room, occurrence };
  const set = {
    scheduleChanges: replaceChange(room, originalStartsAt, after),
    updatedAt: new Date(ctx.clock.now()),
  };
  const changed = { ...room, ...set, version: room.version + 1 };
  return ctx.commit({
    write: (q) => [updateRoomRow(q, room, set)],
    audit: {
      action: 'room.occurrence_changed',
      target: { type: 'room', id: roomId },
      before: { originalStartsAt, ...before },
      after: { originalStartsAt, ...after },
    },
    events: [occurrenceChanged.of({ roomId, originalStartsAt })],
    result: { room: changed, occurrence: requireOccurrenceAt(changed, originalStartsAt) },
  });
}
