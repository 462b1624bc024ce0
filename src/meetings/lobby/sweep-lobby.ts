import { type Ctx, type Services, systemScope } from '../../platform/context/index.ts';
import { clockCtx, publish } from '../../platform/delivery/index.ts';
import { expireEntries, forgetEntries, listOverdue } from './sweep.queries.ts';

const AT_ONCE = 500;
const FORGOTTEN_AT_ONCE = 1_000;
const KEPT_MS = 86_400_000;

interface Overdue {
  id: string;
  roomId: string;
}

/** Ends the entries of one organization; the effects have their rooms told. */
async function expire(ctx: Ctx, overdue: readonly Overdue[]): Promise<void> {
  const now = new Date(ctx.clock.now());
  const rooms = Map.groupBy(overdue, ({ roomId }) => roomId);
  await ctx.commit({
    write: (q) => [
      expireEntries(
        q,
        ctx.organizationId,
        overdue.map(({ id }) => id),
        now,
      ),
    ],
    effects: [...rooms].map(([roomId, entries]) => ({
      type: 'lobby.decided',
      key: roomId,
      payload: { roomId, lobbyEntryIds: entries.map(({ id }) => id) },
    })),
    result: undefined,
  });
}

/**
 * Ends what waited too long, so that who waits and who moderates are told, and forgets what was over a day ago; in the
 * system's scope, because it goes through all organizations. One that fails is left to the next run.
 */
export async function sweepLobby(services: Services): Promise<{ expired: number; failed: number }> {
  const { database, clock, log } = services;
  const now = clock.now();
  const [overdue] = await database.read(systemScope, (q) => [listOverdue(q, new Date(now), AT_ONCE)]);
  const lanes = new Set<string>();
  let failed = 0;
  for (const [organizationId, entries] of Map.groupBy(overdue, (entry) => entry.organizationId))
    try {
      await expire(clockCtx(services, 'lobby.sweep', organizationId, lanes), entries);
    } catch (error) {
      failed += entries.length;
      log.warn('lobby.not_swept', { organizationId, error });
    }
  if (lanes.size > 0) await publish(services, [...lanes]);
  await database.commit(systemScope, (q) => [forgetEntries(q, new Date(now - KEPT_MS), FORGOTTEN_AT_ONCE)]);
  return { expired: overdue.length - failed, failed };
}
