import {
  requiredClose,
  type DueInboxTasks,
  INBOX_CLOSE_CODES,
  type InboxCore,
  isHelloOverdue,
  readCredentialStatus,
} from '../src/people/inbox/index.ts';
import { notifyWatchers } from '../src/people/presence/index.ts';
import { expireRing } from '../src/people/ringing/index.ts';
import type { Services } from '../src/kernel/context/index.ts';
import { type InboxSockets, saveConnection } from './inbox-sockets.ts';

/** One inbox, for the work that its alarm does. */
export interface InboxRuntime {
  /** Asked for when something outside is needed. */
  services: () => Services;
  core: InboxCore;
  sockets: InboxSockets;
  now: () => number;
}

/** What fails is due again, as what was not done is. The cron's sweep is the second line behind this one. */
async function expireDueRing(
  { services, core }: InboxRuntime,
  due: DueInboxTasks,
  ringId: string,
): Promise<void> {
  const { owner, schedule } = core;
  if (!owner) return;
  try {
    await expireRing(services(), owner.organizationId, ringId);
    schedule.markRingExpired(due, ringId);
  } catch (error) {
    services().log.error('inbox.ring_not_run_out', { ...owner, ringId, error });
  }
}

/** Only the alarm announces, one at a time, so that the last word is the one that is true. */
async function notifyPresenceWatchers({ services, core }: InboxRuntime, due: DueInboxTasks): Promise<void> {
  const { owner, watchers, schedule } = core;
  const watcherIds = watchers.all();
  if (!owner || watcherIds.length === 0) return schedule.markPresencePublished(due);
  try {
    const { gone, nextAtMs } = await notifyWatchers(services(), owner, watcherIds, () => core.isConnected);
    for (const watcherId of gone) watchers.remove(watcherId);
    if (nextAtMs !== null) core.publishPresenceAt(nextAtMs);
    schedule.markPresencePublished(due);
  } catch (error) {
    services().log.error('inbox.not_announced', { ...owner, error });
  }
}

/** Holds the connections against the sessions behind them: who has lost theirs, or their place, is sent away. */
async function recheckSessions({ services, core, sockets, now }: InboxRuntime): Promise<void> {
  const { owner } = core;
  const sessionIds = [...new Set(sockets.listOpen().map(({ connection }) => connection.claims.sessionId))];
  if (!owner || sessionIds.length === 0) return;
  try {
    const access = await readCredentialStatus(services(), owner, sessionIds);
    for (const { socket, connection } of sockets.listOpen()) {
      const { claims } = connection;
      // One that came meanwhile has its turn the next time.
      if (!sessionIds.includes(claims.sessionId)) continue;
      const closeReason = requiredClose(connection, access, now());
      if (closeReason) sockets.close(socket, closeReason);
      else saveConnection(socket, { ...connection, claims: { ...claims, role: access.role } });
    }
  } catch (error) {
    // The next look comes by itself; until then they keep what their credential said.
    services().log.error('inbox.not_rechecked', { ...owner, error });
  }
}

/** Does what the alarm is for; what fails holds nothing else up. What needs nobody comes before the first wait. */
export async function runDueWork(due: DueInboxTasks, runtime: InboxRuntime): Promise<void> {
  const { sockets, now } = runtime;
  if (due.closeUngreeted)
    for (const { socket, connection } of sockets.listOpen())
      if (isHelloOverdue(connection, now())) sockets.close(socket, INBOX_CLOSE_CODES.silent);
  sockets.closeSilent(now());
  for (const ringId of due.expiredRingIds) await expireDueRing(runtime, due, ringId);
  if (due.publishPresence) await notifyPresenceWatchers(runtime, due);
  if (due.recheckSessions) await recheckSessions(runtime);
}
