import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { AppError, requestErrors } from '../../kernel/core/index.ts';
import { addEvidence, assembleLedgers, selectLedgers } from '../calls/index.ts';
import { type Evidence, evidenceOfEvent, mergeEvidence } from '../ledger/index.ts';
import { markEventsReduced, type ClusterEventRow, selectUnreducedEvents } from './cluster-events.queries.ts';
import { parseStoredEvent } from './parse-cluster-event.ts';

/** Events that one commit takes in. */
const BATCH_SIZE = 500;
/** How often it is begun anew because somebody else changed the call meanwhile. */
const MAX_RETRIES = 5;

/** What the events say. One that cannot be read says nothing; it keeps the others waiting no longer. */
async function evidenceOfStoredEvents({ log }: Ctx, events: readonly ClusterEventRow[]): Promise<Evidence> {
  const all: Evidence[] = [];
  for (const { id, body, receivedAt } of events)
    try {
      all.push(evidenceOfEvent(await parseStoredEvent(body, receivedAt.getTime())));
    } catch (error) {
      log.error('calls.unreadable_event', { eventId: id, error });
    }
  return mergeEvidence(...all);
}

/** Another cluster has nothing to tell of the call: two of them may be taken for one another. */
function warnAboutForeignEvents(
  { log }: Ctx,
  callId: string,
  cluster: string,
  events: readonly ClusterEventRow[],
): void {
  const others = events.filter((event) => event.cluster !== cluster);
  const kinds = new Map(others.map((event) => [`${event.cluster} ${event.type}`, event]));
  for (const other of kinds.values())
    log.warn('calls.event_of_other_cluster', { callId, cluster, told: other.cluster, type: other.type });
}

/** Takes in what waits, as far as one commit goes. @returns how many events that were @throws AppError `request.stale` */
async function reduceBatch(ctx: Ctx, callId: string): Promise<number> {
  const [events, ...rows] = await ctx.read(
    (q) => [selectUnreducedEvents(q, callId, BATCH_SIZE), ...selectLedgers(q, [callId])] as const,
    systemScope,
  );
  if (events.length === 0) return 0;
  const now = new Date(ctx.clock.now());
  const ledger = assembleLedgers(rows).get(callId);
  if (!ledger) {
    // A room that somebody else named like a call of ours.
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
    events.filter((event) => event.cluster === cluster),
  );
  await addEvidence(ctx, ledger, newEvidence, (q) => [markEventsReduced(q, events, now)]);
  return events.length;
}

/**
 * Takes everything into a call's ledger that its cluster told and that is not in it yet.
 * @throws AppError `request.stale` when others keep changing the call
 */
export async function reduceEvents(ctx: Ctx, callId: string): Promise<void> {
  for (let retries = 0; ;)
    try {
      if ((await reduceBatch(ctx, callId)) < BATCH_SIZE) return;
    } catch (error) {
      const isStale = error instanceof AppError && error.code === requestErrors.stale.definition.code;
      if (!isStale || ++retries > MAX_RETRIES) throw error;
    }
}
