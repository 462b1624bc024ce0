import type { Ctx } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import { selectFormerMemberCalls } from './lifecycle.queries.ts';

/** Tickets of a socket follow one another for so long without the API being asked. */
export const MAX_SOCKET_SESSION_MS = 86_400_000;
const CLOCK_SLACK_MS = 10_000;

/** When no access token of now is good any longer: with one people may have undone what was done at once. */
export const accessTokensExpiredAtMs = ({ clock, config }: Ctx): number =>
  clock.now() + config.ACCESS_TOKEN_SECONDS * 1000 + CLOCK_SLACK_MS;

/**
 * Sends somebody out of all rooms of the organization who is no active member of it any more: their sockets close and
 * the clusters drop them. Nothing is noted of them in the rooms: who becomes a member again is welcome.
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

/** The same, and once more when the last access token from before has expired: with one they may have come back. */
export async function startMemberOffboarding(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const availableAtMs = accessTokensExpiredAtMs(ctx);
  await ctx.commit({
    write: () => [],
    events: [{ type: 'member.gone', key: `${userId}:gone`, payload: { userId }, availableAtMs }],
    result: undefined,
  });
  await disconnectFormerMember(ctx, { userId });
}
