import type { ConnectionCheck } from '../../calls/connections/index.ts';
import { systemScope } from '../../kernel/context/index.ts';
import { selectMovedAway } from './moves.queries.ts';
import { MEDIA_GRACE_MS } from './moves.rules.ts';

/**
 * Finds connections to the media of a room that their person was moved from: a token from before the move connects them only
 * until they have entered the other room, at most for `MEDIA_GRACE_MS`. Joining the old room again gives a new one.
 */
export const findMovedAway: ConnectionCheck = async (ctx, connections) => {
  if (connections.length === 0) return [];
  const followedBefore = new Date(ctx.clock.now() - MEDIA_GRACE_MS);
  // The event of a cluster has no organization.
  const [found] = await ctx.read((q) => [selectMovedAway(q, connections, followedBefore)], systemScope);
  return found;
};
