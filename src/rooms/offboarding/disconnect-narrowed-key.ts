import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { permissionsOfScopes } from '../../identity/api-keys/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { applyToAll, permits } from '../../kernel/core/index.ts';
import { MAX_SOCKET_SESSION_MS } from '../../realtime/protocol/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import { selectConnectionsOfKey, selectKeyScopes } from './connections.queries.ts';

/** Whether a key with these scopes may join rooms in the role; agents and observers need a permission besides. */
function mayJoin(scopes: readonly string[], role: RoomRole): boolean {
  const permissions = permissionsOfScopes(scopes);
  const isUncounted = (UNCOUNTED_ROLES as readonly string[]).includes(role);
  return permits(permissions, 'rooms:join') && (!isUncounted || permits(permissions, 'rooms:observe'));
}

/**
 * Disconnects the identities that an API key joined with, sockets and media, where its scopes no longer permit that. The rooms
 * store nothing about it: with the scope back, the key can join again.
 */
export async function disconnectNarrowedKey(ctx: Ctx, { apiKeyId }: { apiKeyId: string }): Promise<void> {
  const { organizationId } = ctx;
  const atMs = ctx.clock.now();
  const since = new Date(atMs - MAX_SOCKET_SESSION_MS);
  const [[key], seats, waiting, moved] = await ctx.read(
    (q) =>
      [
        selectKeyScopes(q, organizationId, apiKeyId),
        ...selectConnectionsOfKey(q, organizationId, apiKeyId, since),
      ] as const,
  );
  if (!key) return;
  const isOutside = ({ role }: { role: RoomRole }) => !mayJoin(key.scopes, role);
  const places = [...seats, ...waiting, ...moved].filter(isOutside);
  const identitiesByRoom = Map.groupBy(places, ({ roomId }) => roomId);
  const header = { type: 'participant.removed', atMs, by: null } as const;
  const reason = 'the API key may no longer join rooms';
  await applyToAll([...identitiesByRoom], ([roomId, people]) => {
    const identities = [...new Set(people.map(({ identity }) => identity))];
    const commands = identities.map((identity) => {
      const commandKey = `${identity}:narrowed:${atMs}`;
      return { ...header, key: commandKey, identity, reason };
    });
    return ctx.ports.liveRooms.apply(roomId, commands);
  });
  await applyToAll(
    seats.filter((seat) => seat.isOpen && isOutside(seat)),
    ({ callId, cluster, identity }) =>
      ctx.ports.clusters.api(cluster, ctx.trace).removeParticipant(callId, identity),
  );
}
