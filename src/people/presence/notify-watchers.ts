import type { Services } from '../../kernel/context/index.ts';
import type { InboxOwner, PresenceView } from '../inbox/index.ts';
import { selectUsersInCalls, selectPresence, selectWatchers } from './presence.queries.ts';
import { presenceAt, presentPresence } from './presence.rules.ts';

/** How many inboxes are told at a time. */
const BATCH_SIZE = 50;

interface PresenceUpdate {
  views: { watcherId: string; presence: PresenceView }[];
  /** Those who are no active members any more. */
  formerMembers: string[];
  /** When the presence changes by itself; null when it does not. */
  nextAtMs: number | null;
}

/** What each watcher may see now. In the person's own scope: their address book decides it. */
async function buildPresenceUpdate(
  { database, clock }: Services,
  { organizationId, userId }: InboxOwner,
  watcherIds: readonly string[],
  isConnected: () => boolean,
): Promise<PresenceUpdate> {
  const scope = { role: 'app', organizationId, userId } as const;
  const [[row], inCalls, watchers] = await database.read(scope, (q) => [
    selectPresence(q, organizationId, userId),
    selectUsersInCalls(q, organizationId, [userId]),
    selectWatchers(q, organizationId, userId, watcherIds),
  ]);
  const storedPresence = presenceAt(row, clock.now());
  const livePresence = { connected: isConnected(), inCall: inCalls.length > 0 };
  const members = new Set(watchers.map((watcher) => watcher.userId));
  return {
    views: watchers.map(({ userId: watcherId, ...relation }) => ({
      watcherId,
      presence: presentPresence(
        userId,
        storedPresence,
        watcherId === userId ? 'self' : relation,
        livePresence,
      ),
    })),
    formerMembers: watcherIds.filter((watcherId) => !members.has(watcherId)),
    nextAtMs: storedPresence.expiresAt?.getTime() ?? null,
  };
}

/**
 * Shows those who follow a person how they stand now, each as far as they may see it.
 * @param isConnected whether a device of the person is connected at the moment it is asked
 * @returns who need not be told any more, and when the presence changes by itself
 * @throws AppError `server.unavailable`
 */
export async function notifyWatchers(
  services: Services,
  owner: InboxOwner,
  watcherIds: readonly string[],
  isConnected: () => boolean,
): Promise<{ gone: string[]; nextAtMs: number | null }> {
  const { views, formerMembers, nextAtMs } = await buildPresenceUpdate(
    services,
    owner,
    watcherIds,
    isConnected,
  );
  const { inboxes } = services.ports;
  const gone = [...formerMembers];
  for (let start = 0; start < views.length; start += BATCH_SIZE)
    await Promise.all(
      views.slice(start, start + BATCH_SIZE).map(async ({ watcherId, presence }) => {
        if (!(await inboxes.showPresence(owner.organizationId, watcherId, presence))) gone.push(watcherId);
      }),
    );
  return { gone, nextAtMs };
}
