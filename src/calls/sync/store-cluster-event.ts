import { type Ctx, type Ports, systemScope } from '../../kernel/context/index.ts';
import { serverErrors, systemTimers, type Timers, pollUntil } from '../../kernel/core/index.ts';
import { insertClusterEvents, type NewClusterEvent } from './cluster-events.queries.ts';
import { callReportedEvent } from './sync.rules.ts';

/** What comes within one commit goes into the next one together. */
const MAX_BATCH_SIZE = 200;
/** A commit takes less; one that takes longer was made by a request that is gone. */
const COMMIT_TIMEOUT_MS = 5_000;
const MAX_LOST_COMMITS = 2;
/** Nobody waits for the answer but the cluster's queue: hundreds that look often would cost more than what they wait for. */
const POLL_INTERVAL_MS = 8;

type StoreCtx = Pick<Ctx, 'ports' | 'commit'>;

interface PendingEvent {
  row: NewClusterEvent;
  outcome: { error?: Error } | undefined;
}

/** What the requests of one isolate have in common. */
interface EventQueue {
  pending: PendingEvent[];
  /** The commit under way. */
  inFlight: object | undefined;
}

/** By the isolate's ports, of which there is one set. */
const queuesByPorts = new WeakMap<Ports, EventQueue>();

function eventQueueFor({ ports }: StoreCtx): EventQueue {
  const eventQueue = queuesByPorts.get(ports) ?? { pending: [], inFlight: undefined };
  queuesByPorts.set(ports, eventQueue);
  return eventQueue;
}

/** Stores all that waits in one commit, with one effect for each call that it is about. */
async function storeBatch(ctx: StoreCtx, entries: readonly PendingEvent[]): Promise<void> {
  const rows = entries.map(({ row }) => row);
  const outcome: PendingEvent['outcome'] = {};
  try {
    await ctx.commit({
      // What a cluster tells belongs to no tenant yet.
      scope: systemScope,
      write: (q) => [insertClusterEvents(q, rows)],
      events: [...new Set(rows.map(({ room }) => room))].map(callReportedEvent),
      result: undefined,
    });
  } catch (error) {
    outcome.error = error instanceof Error ? error : new Error(String(error));
  }
  for (const entry of entries) entry.outcome = outcome;
}

/** Waits for the commit under way; false when its request seems to be gone. */
const waitForCommit = (
  eventQueue: EventQueue,
  commit: object,
  entry: PendingEvent,
  timers: Timers,
): Promise<boolean> =>
  pollUntil(
    () => entry.outcome !== undefined || eventQueue.inFlight !== commit,
    COMMIT_TIMEOUT_MS,
    timers,
    POLL_INTERVAL_MS,
  );

/** Commits one's own and what waits beside it. */
async function flushBatch(ctx: StoreCtx, eventQueue: EventQueue, entry: PendingEvent): Promise<void> {
  const thisCommit = {};
  eventQueue.inFlight = thisCommit;
  const others = eventQueue.pending.filter((each) => each !== entry).slice(0, MAX_BATCH_SIZE - 1);
  const batch = new Set([entry, ...others]);
  eventQueue.pending = eventQueue.pending.filter((each) => !batch.has(each));
  await storeBatch(ctx, [...batch]);
  if (eventQueue.inFlight === thisCommit) eventQueue.inFlight = undefined;
}

/**
 * Stores an event, in one commit with those that came while the last one was under way. It is stored when this returns.
 *
 * A commit is made in the context of one of the requests. When that one goes away the runtime may drop it without a
 * word, so whoever waits for it has a time limit, and then stores their own again: twice is as good as once.
 * @throws whatever the database throws, `server.unavailable` for one that is not there
 */
export async function storeClusterEvent(
  ctx: StoreCtx,
  row: NewClusterEvent,
  timers = systemTimers,
): Promise<void> {
  const eventQueue = eventQueueFor(ctx);
  const entry: PendingEvent = { row, outcome: undefined };
  eventQueue.pending.push(entry);
  for (let lostCommits = 0; !entry.outcome && lostCommits < MAX_LOST_COMMITS;) {
    const { inFlight } = eventQueue;
    if (!inFlight) await flushBatch(ctx, eventQueue, entry);
    else if (!(await waitForCommit(eventQueue, inFlight, entry, timers))) {
      lostCommits++;
      if (eventQueue.inFlight === inFlight) eventQueue.inFlight = undefined;
    }
  }
  if (!entry.outcome) throw serverErrors.unavailable({ detail: 'the event could not be stored in time' });
  if (entry.outcome.error) throw entry.outcome.error;
}
