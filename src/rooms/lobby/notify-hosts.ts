import type { Ctx } from '../../kernel/context/index.ts';
import { selectModeratorIds } from '../access/index.ts';
import { selectRoom } from '../rooms/index.ts';
import { selectEntry } from './lobby.queries.ts';

/** Each of them can pass it on, so no more are notified. */
const MAX_NOTIFIED_HOSTS = 20;

/**
 * Shows a notification on the devices of the room's hosts and moderators that a person is waiting, unless they no longer
 * are. The same notification sent twice is shown once.
 * @throws AppError `server.unavailable` when an inbox cannot be reached
 */
export async function notifyHosts(
  ctx: Ctx,
  { roomId, lobbyEntryId }: { roomId: string; lobbyEntryId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[found], [entry], hosts] = await ctx.read((q) => [
    selectRoom(q, organizationId, roomId),
    selectEntry(q, organizationId, roomId, lobbyEntryId),
    selectModeratorIds(q, organizationId, roomId, MAX_NOTIFIED_HOSTS),
  ]);
  if (!found || entry?.status !== 'waiting') return;
  const { identity, name } = entry;
  const payload = { roomId, roomName: found.room.name, lobbyEntryId, identity, name };
  const notification = { type: 'lobby.waiting', payload };
  await Promise.all(
    hosts.map(({ userId }) =>
      ctx.ports.inboxes.push(organizationId, userId, [
        { type: 'notification', key: `lobby:${lobbyEntryId}`, notification },
      ]),
    ),
  );
}
