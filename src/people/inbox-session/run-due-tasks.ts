import { isHelloOverdue, requiredClose } from './connection.rules.ts';
import type { InboxCore } from './inbox-core.ts';
import type { DueInboxTasks } from './inbox-schedule.ts';
import type { InboxRuntime } from './inbox-session.ts';
import { type InboxSockets, saveConnection } from './inbox-sockets.ts';

/** A ring that could not be ended stays due; the scheduled sweep of rings is the second line behind it. */
async function expireDueRing(
  runtime: InboxRuntime,
  { owner, schedule }: InboxCore,
  due: DueInboxTasks,
  ringId: string,
): Promise<void> {
  if (!owner) return;
  const { expireRing, log } = runtime.services();
  try {
    await expireRing(owner, ringId);
    schedule.markRingExpired(due, ringId);
  } catch (error) {
    log.error('inbox.ring_not_expired', { ...owner, ringId, error });
  }
}

/** Only the alarm notifies watchers, one time after another, so that the last notification is the true one. */
async function notifyPresenceWatchers(
  runtime: InboxRuntime,
  core: InboxCore,
  due: DueInboxTasks,
): Promise<void> {
  const { owner, watchers, schedule } = core;
  const watcherIds = watchers.all();
  if (!owner || watcherIds.length === 0) return schedule.markPresencePublished(due);
  const { notifyWatchers, log } = runtime.services();
  try {
    const { gone, nextAtMs } = await notifyWatchers(owner, watcherIds, () => core.isConnected);
    for (const watcherId of gone) watchers.remove(watcherId);
    if (nextAtMs !== null) core.publishPresenceAt(nextAtMs);
    schedule.markPresencePublished(due);
  } catch (error) {
    log.error('inbox.presence_not_published', { ...owner, error });
  }
}

/** Checks connections against their sessions and the membership: closes those that lost either, updates the role. */
async function recheckSessions(runtime: InboxRuntime, core: InboxCore, sockets: InboxSockets): Promise<void> {
  const { owner } = core;
  const sessionIds = [...new Set(sockets.listOpen().map(({ connection }) => connection.claims.sessionId))];
  if (!owner || sessionIds.length === 0) return;
  const { readCredentialStatus, log } = runtime.services();
  try {
    const status = await readCredentialStatus(owner, sessionIds);
    for (const { socket, connection } of sockets.listOpen()) {
      const { claims } = connection;
      // A connection opened during the read is checked the next time.
      if (!sessionIds.includes(claims.sessionId)) continue;
      const closeName = requiredClose(connection, status, runtime.clock.now());
      if (closeName) sockets.close(socket, closeName);
      else saveConnection(socket, { ...connection, claims: { ...claims, role: status.role } });
    }
  } catch (error) {
    // Until the next check the connections keep what their credentials said.
    log.error('inbox.sessions_not_rechecked', { ...owner, error });
  }
}

/** Runs the tasks that were taken; a failure of one holds up no other. Those that await nothing come first. */
export async function runDueTasks(
  due: DueInboxTasks,
  runtime: InboxRuntime,
  core: InboxCore,
  sockets: InboxSockets,
): Promise<void> {
  const nowMs = runtime.clock.now();
  if (due.closeUngreeted)
    for (const { socket, connection } of sockets.listOpen())
      if (isHelloOverdue(connection, nowMs)) sockets.close(socket, 'silent');
  sockets.closeSilent(nowMs);
  for (const ringId of due.expiredRingIds) await expireDueRing(runtime, core, due, ringId);
  if (due.publishPresence) await notifyPresenceWatchers(runtime, core, due);
  if (due.recheckSessions) await recheckSessions(runtime, core, sockets);
}
