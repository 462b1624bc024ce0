import type { Ctx, Ports } from '../../kernel/context/index.ts';
import { applyToAll, systemTimers } from '../../kernel/core/index.ts';
import { findUnwanted, type UnwantedConnection } from './find-unwanted.ts';
import { keepOut } from './keep-out.ts';

/** LiveKit's names. An attempt that was ended before media were connected is reported as aborted: the next one may succeed. */
const ATTEMPTS = new Set<string>(['participant_joined', 'participant_connection_aborted']);
/** Connections that are reported within this time are checked in one round trip. */
const GATHER_MS = 5;
const MAX_BATCH_SIZE = 200;
/** A batch that is older was dropped together with its request. */
const DROPPED_AFTER_MS = 1_000;

interface Batch {
  sinceMs: number;
  /** `cluster` is the one that reported the connection. */
  connections: UnwantedConnection[];
}

/** What the requests of one isolate are gathering. */
const batchesByPorts = new WeakMap<Ports, Batch>();

/** Adds to the batch of another request. @returns false when there is none: the request begins one */
function joinBatch({ ports, clock }: Ctx, connection: UnwantedConnection): boolean {
  const batch = batchesByPorts.get(ports);
  if (!batch || batch.connections.length >= MAX_BATCH_SIZE) return false;
  if (clock.now() - batch.sinceMs > DROPPED_AFTER_MS) return false;
  batch.connections.push(connection);
  return true;
}

async function gatherBatch({ ports, clock }: Ctx, first: UnwantedConnection): Promise<UnwantedConnection[]> {
  const batch: Batch = { sinceMs: clock.now(), connections: [first] };
  batchesByPorts.set(ports, batch);
  await systemTimers.sleep(GATHER_MS);
  if (batchesByPorts.get(ports) === batch) batchesByPorts.delete(ports);
  return batch.connections;
}

/**
 * Disconnects the participant of an event at once if they may not be in the call. Only the events of connecting are checked,
 * and only if the cluster on which the call is held reported them. No request waits for another's check; should one be
 * dropped, the subscriber of `participant.joined` finds the participant.
 * @param own the connection, with the cluster that reported it
 */
export async function checkConnection(ctx: Ctx, eventType: string, own: UnwantedConnection): Promise<void> {
  if (!ATTEMPTS.has(eventType) || own.identity === '') return;
  if (joinBatch(ctx, own)) return;
  const connections = await gatherBatch(ctx, own);
  const found = await findUnwanted(ctx, connections);
  const wasReported = (unwanted: UnwantedConnection) =>
    connections.some(
      (each) =>
        each.callId === unwanted.callId &&
        each.identity === unwanted.identity &&
        each.cluster === unwanted.cluster,
    );
  await applyToAll(found.filter(wasReported), (unwanted) => keepOut(ctx, unwanted));
}
