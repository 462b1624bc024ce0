import type { Services } from '../../platform/context/index.ts';
import type { Owner, PresenceView } from '../inbox/index.ts';
import { findInCalls, findSaid, findWatchers } from './presence.queries.ts';
import { saidAt, viewOf } from './presence.rules.ts';

/** How many inboxes are told at a time. */
const AT_ONCE = 50;

interface Announcement {
  views: { watcherId: string; presence: PresenceView }[];
  /** Those who are no active members any more. */
  strangers: string[];
  /** When the presence changes by itself; null when it does not. */
  nextAtMs: number | null;
}

/** What each watcher may see now. In the person's own scope: their address book decides it. */
async function announcementOf(
  { database, clock }: Services,
  { organizationId, userId }: Owner,
  watcherIds: readonly string[],
  isConnected: () => boolean,
): Promise<Announcement> {
  const scope = { role: 'app', organizationId, userId } as const;
  const [[row], inCalls, watchers] = await database.read(scope, (q) => [
    findSaid(q, organizationId, userId),
    findInCalls(q, organizationId, [userId]),
    findWatchers(q, organizationId, userId, watcherIds),
  ]);
  const said = saidAt(row, clock.now());
  const known = { connected: isConnected(), inCall: inCalls.length > 0 };
  const members = new Set(watchers.map((watcher) => watcher.userId));
  return {
    views: watchers.map(({ userId: watcherId, ...relation }) => ({
      watcherId,
      presence: viewOf(userId, said, watcherId === userId ? 'self' : relation, known),
    })),
    strangers: watcherIds.filter((watcherId) => !members.has(watcherId)),
    nextAtMs: said.expiresAt?.getTime() ?? null,
  };
}

/**
 * Shows those who follow a person how they stand now, each as far as they may see it.
 * @param isConnected whether a device of the person is connected at the moment it is asked
 * @returns who need not be told any more, and when the presence changes by itself
 * @throws AppError `server.unavailable`
 */
export async function announcePresence(
  services: Services,
  owner: Owner,
  watcherIds: readonly string[],
  isConnected: () => boolean,
): Promise<{ gone: string[]; nextAtMs: number | null }> {
  const { views, strangers, nextAtMs } = await announcementOf(services, owner, watcherIds, isConnected);
  const { inboxes } = services.ports;
  const gone = [...strangers];
  for (let start = 0; start < views.length; start += AT_ONCE)
    await Promise.all(
      views.slice(start, start + AT_ONCE).map(async ({ watcherId, presence }) => {
        if (!(await inboxes.show(owner.organizationId, watcherId, presence))) gone.push(watcherId);
      }),
    );
  return { gone, nextAtMs };
}
