import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { expireEntries, deleteOldEntries, selectOverdueEntries } from './lobby-sweep.queries.ts';
import { lobbyDecided } from './lobby.events.ts';

const MAX_EXPIRED_PER_RUN = 500;
const MAX_DELETED_PER_RUN = 1_000;
const RETENTION_MS = 86_400_000;

interface OverdueEntry {
  id: string;
  roomId: string;
}

/** Expires the entries of one organization; the events show it in their live rooms. */
async function expireOverdueEntries(ctx: Ctx, overdue: readonly OverdueEntry[]): Promise<void> {
  const now = new Date(ctx.clock.now());
  const entriesByRoom = Map.groupBy(overdue, ({ roomId }) => roomId);
  await ctx.commit({
    write: (q) => [
      expireEntries(
        q,
        ctx.organizationId,
        overdue.map(({ id }) => id),
        now,
      ),
    ],
    events: [...entriesByRoom].map(([roomId, entries]) =>
      lobbyDecided.of({ roomId, lobbyEntryIds: entries.map(({ id }) => id) }),
    ),
    result: undefined,
  });
}

/**
 * Expires entries that waited too long, which shows in their live rooms, and deletes entries that ended a day ago; in the
 * system's scope, because it covers all organizations. One that fails is left to the next run.
 * @returns how many entries expired, and how many were left to the next run
 */
export async function sweepLobby(services: Services): Promise<{ expired: number; failed: number }> {
  const { database, clock } = services;
  const now = clock.now();
  const [overdue] = await database.read(systemScope, (q) => [
    selectOverdueEntries(q, new Date(now), MAX_EXPIRED_PER_RUN),
  ]);
  const byOrganization = Map.groupBy(overdue, ({ organizationId }) => organizationId);
  const due = [...byOrganization].map(([organizationId, entries]) => ({ organizationId, entries }));
  let expired = 0;
  await runSweep(services, 'lobby.sweep', due, async (ctx, { entries }) => {
    await expireOverdueEntries(ctx, entries);
    expired += entries.length;
  });
  await database.commit(systemScope, (q) => [
    deleteOldEntries(q, new Date(now - RETENTION_MS), MAX_DELETED_PER_RUN),
  ]);
  return { expired, failed: overdue.length - expired };
}
