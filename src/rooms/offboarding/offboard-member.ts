import type { Ctx } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import { accessTokensExpiredAtMs } from '../../identity/access/index.ts';
import { MAX_SOCKET_SESSION_MS } from '../../realtime/protocol/index.ts';
import { selectFormerMemberCalls } from './offboarding.queries.ts';
import { memberGone } from './offboarding.events.ts';

/**
 * Disconnects a user who is not an active member any longer from all rooms of the organization: sockets and media. The
 * rooms store nothing about it, so that a person who becomes a member again can join them.
 */
export async function disconnectFormerMember(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const atMs = ctx.clock.now();
  const since = new Date(atMs - MAX_SOCKET_SESSION_MS);
  const [memberCalls] = await ctx.read((q) => [
    selectFormerMemberCalls(q, ctx.organizationId, userId, since),
  ]);
  await applyToAll(memberCalls, async ({ roomId, callId, cluster, isOpen }) => {
    const header = { key: `${userId}:gone:${atMs}`, atMs, by: null, identity: userId } as const;
    const reason = 'no longer a member of the organization';
    await ctx.ports.liveRooms.apply(roomId, [{ type: 'participant.removed', ...header, reason }]);
    if (isOpen) await ctx.ports.clusters.api(cluster, ctx.trace).removeParticipant(callId, userId);
  });
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
