import type { Ctx } from '../../kernel/context/index.ts';
import { publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import { updateRoomRow } from '../rooms/index.ts';
import { roomCommands } from './live-commands.rules.ts';
import { keepsWaiting } from './lifecycle.rules.ts';
import type { RoomLockView } from './lifecycle.schemas.ts';
import { releaseWaiting } from '../links/index.ts';
import { roomUpdated } from '../rooms/index.ts';

/**
 * Locks a room to newcomers, or unlocks it. Repeating it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `request.stale`
 */
export async function lockRoom(ctx: Ctx, request: RoomAccessRequest, locked: boolean): Promise<RoomLockView> {
  const [access] = await requireRoomAccess(ctx, request);
  requireModerator(access);
  const { room, identity } = access;
  const view: RoomLockView = { roomId: room.id, locked };
  if (room.locked === locked) return view;
  const updatedAt = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [updateRoomRow(q, room, { locked, updatedAt })],
    audit: {
      action: locked ? 'room.locked' : 'room.unlocked',
      target: { type: 'room', id: room.id },
      before: { locked: room.locked },
      after: { locked },
    },
    events: [roomUpdated.of({ roomId: room.id })],
    result: view,
  });
  const changed = { ...room, locked, updatedAt, version: room.version + 1 };
  await sendLiveCommands(ctx, room.id, roomCommands(changed, publicIdentity(identity)));
  if (keepsWaiting(room) && !keepsWaiting(changed))
    ctx.after('lobby.release', () => releaseWaiting(ctx, room.id));
  return view;
}
