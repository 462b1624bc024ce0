import type { Services } from '../../kernel/context/index.ts';
import type { InboxOwner, PresenceView } from '../inbox/index.ts';
import { selectUsersInCalls, selectPresence, selectWatchers } from './presence.queries.ts';
import { presenceAt, presentPresence } from './presence.rules.ts';

/** Watchers whose inboxes are notified at the same time. */
const BATCH_SIZE = 50;

interface PresenceUpdate {
  views: { watcherId: string; presence: PresenceView }[];
  /** Watchers who are no longer active members. */
  formerMembers: string[];
  /** When the status expires; null when it does not. */
  nextAtMs: number | null;
}

/** What each watcher may see now. Read in the user's own scope, because their address book decides it. */
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
 * Sends a user's presence to everybody who watches it, as far as each watcher may see it.
 * @param isConnected whether a device of the user is connected, at the moment of the call
 * @returns `gone`: watchers to forget; `nextAtMs`: when the status expires, null when it does not
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
