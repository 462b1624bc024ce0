import type { Ctx } from '../../kernel/context/index.ts';
import { type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import { updateRoomRow } from '../rooms/index.ts';
import { readManagedRoom } from './update-room.ts';
import { roomDeleted } from '../rooms/index.ts';

/**
 * Deletes a room: nobody can join it from the commit on. Subscribers end its open call. The history of its calls stays.
 * @throws AppError `rooms.not_found`, `rooms.not_manager` or `request.stale`
 */
export async function deleteRoom(ctx: Ctx, roomId: string, ifMatch: IfMatch): Promise<void> {
  const { room } = await readManagedRoom(ctx, roomId);
  requireVersion(room, ifMatch);
  const now = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [updateRoomRow(q, room, { status: 'ended', deletedAt: now, updatedAt: now })],
    audit: {
      action: 'room.deleted',
      severity: 'warning',
      target: { type: 'room', id: roomId },
      before: { name: room.name, type: room.type },
    },
    events: [roomDeleted.of({ roomId })],
    result: undefined,
  });
}
