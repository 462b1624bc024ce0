import { isHelloOverdue } from './connection.rules.ts';
import type { InboxCore } from './inbox-core.ts';
import type { DueInboxTasks } from './inbox-schedule.ts';
import type { InboxRuntime } from './inbox-runtime.ts';
import type { InboxSockets } from './inbox-sockets.ts';
import { recheckConnections } from './recheck-connections.ts';

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

/** The check that the alarm makes; until the next one the connections keep what their credentials said. */
async function recheckOrLog(runtime: InboxRuntime, core: InboxCore, sockets: InboxSockets): Promise<void> {
  try {
    await recheckConnections(runtime, core, sockets);
  } catch (error) {
    runtime.services().log.error('inbox.sessions_not_rechecked', { ...core.owner, error });
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
  if (due.recheckSessions) await recheckOrLog(runtime, core, sockets);
}
