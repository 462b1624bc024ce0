import type { Ctx } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import { accessTokensExpiredAtMs } from '../../identity/access/index.ts';
import { MAX_SOCKET_SESSION_MS } from '../../realtime/protocol/index.ts';
import { selectMemberRole } from '../access/index.ts';
import { roomIdsOf, selectConnections } from './connections.queries.ts';
import { memberGone } from './offboarding.events.ts';

/**
 * Disconnects a user who is not an active member any longer from all rooms of the organization: sockets, also in lobbies, and media.
 * The rooms store nothing about it, so that a person who becomes a member again can join them.
 */
export async function disconnectFormerMember(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const atMs = ctx.clock.now();
  const { organizationId } = ctx;
  const since = new Date(atMs - MAX_SOCKET_SESSION_MS);
  const holder = { organizationId, userId, credentials: [], keyOrganizationIds: [] };
  const [[member], seats, lobbies, moves] = await ctx.read(
    (q) => [selectMemberRole(q, organizationId, userId), ...selectConnections(q, holder, since)] as const,
  );
  if (member) return;
  const header = { key: `${userId}:gone:${atMs}`, atMs, by: null, identity: userId } as const;
  const reason = 'no longer a member of the organization';
  await applyToAll(roomIdsOf(seats, lobbies, moves), (roomId) =>
    ctx.ports.liveRooms.apply(roomId, [{ type: 'participant.removed', ...header, reason }]),
  );
  await applyToAll(
    seats.filter(({ isOpen }) => isOpen),
    ({ callId, cluster }) => ctx.ports.clusters.api(cluster, ctx.trace).removeParticipant(callId, userId),
  );
}

/**
 * Schedules `disconnectFormerMember` again for when the last access token from before has expired: with one the user may
 * have come back.
 */
export async function scheduleSecondDisconnect(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const availableAtMs = accessTokensExpiredAtMs(ctx);
  await ctx.commit({
    write: () => [],
    events: [memberGone.of({ userId }, { availableAtMs })],
    result: undefined,
  });
}
