import type { Ctx } from '../../platform/context/index.ts';
import { findRoom } from '../rooms/index.ts';
import { findEntry, listHosts } from './lobby.queries.ts';

/** More than these are not told: who is told at all can tell the others. */
const MOST_HOSTS = 20;

/**
 * Has the devices of the room's hosts and moderators show that somebody waits, wherever they are; telling it twice shows
 * it once. Nothing when they wait no longer.
 * @throws AppError `server.unavailable` when an inbox cannot be reached
 */
export async function tellHosts(
  ctx: Ctx,
  { roomId, lobbyEntryId }: { roomId: string; lobbyEntryId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[found], [entry], hosts] = await ctx.read((q) => [
    findRoom(q, organizationId, roomId),
    findEntry(q, organizationId, roomId, lobbyEntryId),
    listHosts(q, organizationId, roomId, MOST_HOSTS),
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
