import { type Ctx, type Ports, systemScope } from '../../kernel/context/index.ts';
import { serverErrors, SingleFlight, type Timers } from '../../kernel/core/index.ts';
import { insertClusterEvents, type NewClusterEvent } from './cluster-events.queries.ts';
import { callReported, ingressReported, recordingReported, streamReported } from './sync.events.ts';

/** Events in one commit. */
const MAX_BATCH_SIZE = 200;
/** How long a request waits for another's commit: longer than a commit takes, so the other request must be gone. */
const COMMIT_TIMEOUT_MS = 5_000;
const MAX_LOST_COMMITS = 2;
/** Only the cluster's queue waits for the answer; hundreds of requests that poll faster cost more than the commit. */
const POLL_INTERVAL_MS = 8;

type StoreCtx = Pick<Ctx, 'ports' | 'commit'>;

interface PendingEvent {
  row: NewClusterEvent;
  outcome: { error?: Error } | undefined;
}

/** The events that the requests of one isolate are storing. */
interface EventQueue {
  pending: PendingEvent[];
  commit: SingleFlight;
}

/** One queue for an isolate: it has one set of ports. */
const queuesByPorts = new WeakMap<Ports, EventQueue>();

function eventQueueFor({ ports }: StoreCtx, timers: Timers | undefined): EventQueue {
  const eventQueue = queuesByPorts.get(ports) ?? {
    pending: [],
    commit: new SingleFlight({ timeoutMs: COMMIT_TIMEOUT_MS, intervalMs: POLL_INTERVAL_MS, timers }),
  };
  queuesByPorts.set(ports, eventQueue);
  return eventQueue;
}

const callsOf = (rows: readonly NewClusterEvent[]) => [...new Set(rows.map(({ room }) => room))];
/** `egress_started`, `egress_updated`, `egress_ended`. */
const isAboutEgress = ({ type }: NewClusterEvent) => type.startsWith('egress_');
/** `ingress_started`, `ingress_ended`. */
const isAboutIngress = ({ type }: NewClusterEvent) => type.startsWith('ingress_');

/** Stores the events in one commit, with one `call.reported` for each of their calls. */
async function storeBatch(ctx: StoreCtx, entries: readonly PendingEvent[]): Promise<void> {
  const rows = entries.map(({ row }) => row);
  const outcome: PendingEvent['outcome'] = {};
  try {
    await ctx.commit({
      // The organization is not known before the reduction finds the call.
      scope: systemScope,
      write: (q) => [insertClusterEvents(q, rows)],
      events: [
        ...callsOf(rows).map((callId) => callReported.of({ callId })),
        ...callsOf(rows.filter(isAboutEgress)).flatMap((callId) => [
          recordingReported.of({ callId }),
          streamReported.of({ callId }),
        ]),
        ...callsOf(rows.filter(isAboutIngress)).map((callId) => ingressReported.of({ callId })),
      ],
      result: undefined,
    });
  } catch (error) {
    outcome.error = error instanceof Error ? error : new Error(String(error));
  }
  for (const entry of entries) entry.outcome = outcome;
}

/** Commits the request's own event and others that are pending. */
async function flushBatch(ctx: StoreCtx, eventQueue: EventQueue, entry: PendingEvent): Promise<void> {
  const others = eventQueue.pending.filter((each) => each !== entry).slice(0, MAX_BATCH_SIZE - 1);
  const batch = new Set([entry, ...others]);
  eventQueue.pending = eventQueue.pending.filter((each) => !batch.has(each));
  await storeBatch(ctx, [...batch]);
}

/**
 * Stores an event; it is stored when this returns. Events that arrive during a commit share the next one. A request whose
 * event was in a dropped commit stores it again, which is harmless.
 * @throws AppError `server.unavailable` when the database is not reachable or the event could not be stored in time
 */
export async function storeClusterEvent(ctx: StoreCtx, row: NewClusterEvent, timers?: Timers): Promise<void> {
  const eventQueue = eventQueueFor(ctx, timers);
  const entry: PendingEvent = { row, outcome: undefined };
  eventQueue.pending.push(entry);
  for (let lostCommits = 0; !entry.outcome && lostCommits < MAX_LOST_COMMITS;) {
    const outcome = await eventQueue.commit.runOrWait(
      () => flushBatch(ctx, eventQueue, entry),
      () => entry.outcome !== undefined,
    );
    if (outcome === 'dropped') lostCommits++;
  }
  if (!entry.outcome) throw serverErrors.unavailable({ detail: 'the event could not be stored in time' });
  if (entry.outcome.error) throw entry.outcome.error;
}
