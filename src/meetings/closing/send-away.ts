import type { Ctx } from '../../platform/context/index.ts';
import { forEach } from '../moderation/index.ts';
import { findWhereabouts } from './closing.queries.ts';

/** Tickets of a socket follow one another for so long without the API being asked. */
export const SOCKET_DAY_MS = 86_400_000;
const SLACK_MS = 10_000;

/** When no access token of now is good any longer: with one people may have undone what was done at once. */
export const againAtMs = ({ clock, config }: Ctx): number =>
  clock.now() + config.ACCESS_TOKEN_SECONDS * 1000 + SLACK_MS;

/**
 * Sends somebody out of all rooms of the organization who is no active member of it any more: their sockets close and
 * the clusters drop them. Nothing is noted of them in the rooms: who becomes a member again is welcome.
 */
export async function sendAway(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const atMs = ctx.clock.now();
  const since = new Date(atMs - SOCKET_DAY_MS);
  const [places] = await ctx.read((q) => [findWhereabouts(q, ctx.organizationId, userId, since)]);
  const outcomes = await forEach(places, async ({ roomId, callId, cluster, isOpen }) => {
    const decided = { key: `${userId}:gone:${atMs}`, atMs, by: null, identity: userId } as const;
    const reason = 'no longer a member of the organization';
    await ctx.ports.liveRooms.apply(roomId, [{ type: 'participant.removed', ...decided, reason }]);
    if (isOpen) await ctx.ports.clusters.api(cluster, ctx.trace).removeParticipant(callId, userId);
  });
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/** The same, and once more when the last access token from before has expired: with one they may have come back. */
export async function followDeparture(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const availableAtMs = againAtMs(ctx);
  await ctx.commit({
    write: () => [],
    effects: [{ type: 'member.gone', key: `${userId}:gone`, payload: { userId }, availableAtMs }],
    result: undefined,
  });
  await sendAway(ctx, { userId });
}
