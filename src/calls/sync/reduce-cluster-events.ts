import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { retryStale } from '../../kernel/core/index.ts';
import { addEvidence, assembleLedgers, type Call, selectLedgers } from '../calls/index.ts';
import { dropOddTimes, type Evidence, evidenceOfEvent, mergeEvidence } from '../ledger/index.ts';
import { countDroppedTimes } from './count-dropped-times.ts';
import { markEventsReduced, type ClusterEventRow, selectUnreducedEvents } from './cluster-events.queries.ts';
import { parseStoredEvent } from './parse-cluster-event.ts';

/** Events in one commit. */
const BATCH_SIZE = 500;
/** For each batch: others may change the call between its read and its commit. */
const MAX_ATTEMPTS = 6;

/** The evidence of all events. One that cannot be parsed is logged and adds nothing, so that it does not block the rest. */
async function evidenceOfStoredEvents(
  ctx: Ctx,
  { id: callId, cluster, createdAt }: Call,
  events: readonly ClusterEventRow[],
): Promise<Evidence> {
  const all: Evidence[] = [];
  let droppedTimes = 0;
  for (const { id, body, receivedAt } of events)
    try {
      const parsed = await parseStoredEvent(body, receivedAt.getTime());
      const { value, dropped } = dropOddTimes(parsed, createdAt.getTime());
      all.push(evidenceOfEvent(value));
      droppedTimes += dropped;
    } catch (error) {
      ctx.log.error('calls.unreadable_event', { eventId: id, error });
    }
  countDroppedTimes(ctx, callId, cluster, droppedTimes);
  return mergeEvidence(...all);
}

/** Logs events that another cluster than the call's signed: two clusters may be configured with the same key. */
function warnAboutForeignEvents(
  { log }: Ctx,
  callId: string,
  cluster: string,
  events: readonly ClusterEventRow[],
): void {
  const others = events.filter((event) => event.cluster !== cluster);
  const kinds = new Map(others.map((event) => [`${event.cluster} ${event.type}`, event]));
  for (const other of kinds.values())
    log.warn('calls.event_of_other_cluster', {
      callId,
      cluster,
      signedBy: other.cluster,
      type: other.type,
    });
}

/** Reduces one batch of a call's events in one commit. @returns its size @throws AppError `request.stale` */
async function reduceBatch(ctx: Ctx, callId: string): Promise<number> {
  const [events, ...rows] = await ctx.read(
    (q) => [selectUnreducedEvents(q, callId, BATCH_SIZE), ...selectLedgers(q, [callId])] as const,
    systemScope,
  );
  if (events.length === 0) return 0;
  const now = new Date(ctx.clock.now());
  const ledger = assembleLedgers(rows).get(callId);
  if (!ledger) {
    // A LiveKit room has the name of a call that does not exist here.
    await ctx.commit({
      scope: systemScope,
      write: (q) => [markEventsReduced(q, events, now)],
      result: undefined,
    });
    return events.length;
  }
  const { cluster } = ledger.rows.call;
  warnAboutForeignEvents(ctx, callId, cluster, events);
  const newEvidence = await evidenceOfStoredEvents(
    ctx,
    ledger.rows.call,
    events.filter((event) => event.cluster === cluster),
  );
  await addEvidence(ctx, ledger, newEvidence, (q) => [markEventsReduced(q, events, now)]);
  return events.length;
}

/**
 * Adds all stored events of a call to its ledger.
 * @throws AppError `request.stale` when others keep changing the call
 */
export async function reduceEvents(ctx: Ctx, callId: string): Promise<void> {
  let reduced: number;
  do reduced = await retryStale(MAX_ATTEMPTS, () => reduceBatch(ctx, callId));
  while (reduced === BATCH_SIZE);
}
