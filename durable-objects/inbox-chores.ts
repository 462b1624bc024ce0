import {
  closeOf,
  type Due,
  INBOX_CLOSES,
  type InboxKeeper,
  isSilent,
  readStanding,
} from '../src/meetings/inbox/index.ts';
import { announcePresence } from '../src/meetings/presence/index.ts';
import { runOutRing } from '../src/meetings/ringing/index.ts';
import type { Services } from '../src/platform/context/index.ts';
import { type InboxSockets, store } from './inbox-sockets.ts';

/** One inbox, for the work that its alarm does. */
export interface InboxWorld {
  /** Asked for when something outside is needed. */
  services: () => Services;
  keeper: InboxKeeper;
  sockets: InboxSockets;
  now: () => number;
}

/** What fails is due again, as what was not done is. The cron's sweep is the second line behind this one. */
async function runOut({ services, keeper }: InboxWorld, due: Due, ringId: string): Promise<void> {
  const { owner, chores } = keeper;
  if (!owner) return;
  try {
    await runOutRing(services(), owner.organizationId, ringId);
    chores.ranOut(due, ringId);
  } catch (error) {
    services().log.error('inbox.ring_not_run_out', { ...owner, ringId, error });
  }
}

/** Only the alarm announces, one at a time, so that the last word is the one that is true. */
async function announce({ services, keeper }: InboxWorld, due: Due): Promise<void> {
  const { owner, watchers, chores } = keeper;
  const watcherIds = watchers.all();
  if (!owner || watcherIds.length === 0) return chores.announced(due);
  try {
    const { gone, nextAtMs } = await announcePresence(
      services(),
      owner,
      watcherIds,
      () => keeper.isConnected,
    );
    for (const watcherId of gone) watchers.remove(watcherId);
    if (nextAtMs !== null) keeper.announceAt(nextAtMs);
    chores.announced(due);
  } catch (error) {
    services().log.error('inbox.not_announced', { ...owner, error });
  }
}

/** Holds the connections against the sessions behind them: who has lost theirs, or their place, is sent away. */
async function recheck({ services, keeper, sockets, now }: InboxWorld): Promise<void> {
  const { owner } = keeper;
  const sessionIds = [...new Set(sockets.open().map(({ connection }) => connection.claims.sessionId))];
  if (!owner || sessionIds.length === 0) return;
  try {
    const standing = await readStanding(services(), owner, sessionIds);
    for (const { socket, connection } of sockets.open()) {
      const { claims } = connection;
      // One that came meanwhile has its turn the next time.
      if (!sessionIds.includes(claims.sessionId)) continue;
      const why = closeOf(connection, standing, now());
      if (why) sockets.close(socket, why);
      else store(socket, { ...connection, claims: { ...claims, role: standing.role } });
    }
  } catch (error) {
    // The next look comes by itself; until then they keep what their credential said.
    services().log.error('inbox.not_rechecked', { ...owner, error });
  }
}

/** Does what the alarm is for; what fails holds nothing else up. What needs nobody comes before the first wait. */
export async function doWhatIsDue(due: Due, world: InboxWorld): Promise<void> {
  const { sockets, now } = world;
  if (due.greet)
    for (const { socket, connection } of sockets.open())
      if (isSilent(connection, now())) sockets.close(socket, INBOX_CLOSES.silent);
  sockets.closeUnheard(now());
  for (const ringId of due.runOut) await runOut(world, due, ringId);
  if (due.announce) await announce(world, due);
  if (due.recheck) await recheck(world);
}
