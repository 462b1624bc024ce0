import { type Services, systemScope } from '../context/index.ts';
import type { Wakeup } from './delivery.ports.ts';
import { claimEverywhere, claimIn, lockPartitions, lockPublishing } from './claim.queries.ts';
import { deleteDone, releaseExpired, unpublish } from './delivery.queries.ts';
import { IN_FLIGHT_PER_PARTITION, LOOK_AHEAD, PUBLISH_LIMIT, PUBLISHED_LEASE_MS } from './delivery.rules.ts';

const DONE_KEPT_MS = 7 * 86_400_000;
const SWEEP_LIMIT = 5_000;
const SWEEP_ROUNDS = 20;

const createClaimOptions = ({ clock }: Services) => ({
  nowMs: clock.now(),
  leaseUntilMs: clock.now() + PUBLISHED_LEASE_MS,
  perPartition: IN_FLIGHT_PER_PARTITION,
  limit: PUBLISH_LIMIT,
});

/** Sends the tickets in their turn. A queue that refuses them gives the rows back at once instead of by their lease. */
async function sendWakeups(services: Services, rows: { id: string; turn: string }[]): Promise<number> {
  if (rows.length === 0) return 0;
  const wakeups: Wakeup[] = rows.sort((a, b) => Number(a.turn) - Number(b.turn)).map(({ id }) => ({ id }));
  try {
    await services.ports.wakeupQueue.send(wakeups);
  } catch (error) {
    await services.database.commit(systemScope, (q) => [
      unpublish(
        q,
        wakeups.map(({ id }) => id),
      ),
    ]);
    throw error;
  }
  return wakeups.length;
}

/**
 * Hands to the queue what may go now in these lanes: one round trip, then the tickets. Publishers of the same lane wait
 * for each other. The rows belong to many organizations, so this runs in the system's scope; it goes through `read`
 * because a claim whose answer was lost is taken back by its lease.
 * @returns how many tickets went out
 * @throws what the queue or the database throws; nothing is lost by it
 */
export async function publish(services: Services, partitions: readonly string[]): Promise<number> {
  if (partitions.length === 0) return 0;
  const [, claimed] = await services.database.read(systemScope, (q) => [
    lockPartitions(q, partitions),
    claimIn(q, createClaimOptions(services), partitions, LOOK_AHEAD),
  ]);
  return sendWakeups(services, claimed.rows);
}

export interface SweptDeliveries {
  /** Leases that had run out. */
  released: number;
  published: number;
  /** Rows done for more than seven days. */
  deleted: number;
}

/**
 * Makes up for lost pokes, lost tickets and dead consumers, brings retries and delayed effects on their way, and clears
 * away what is long done. Bounded: what is left over waits for the next minute.
 */
export async function sweepDeliveries(services: Services): Promise<SweptDeliveries> {
  const swept: SweptDeliveries = { released: 0, published: 0, deleted: 0 };
  for (let round = 0; round < SWEEP_ROUNDS; round++) {
    const [, released, claimed] = await services.database.read(systemScope, (q) => [
      lockPublishing(q),
      releaseExpired(q, services.clock.now(), SWEEP_LIMIT),
      claimEverywhere(q, createClaimOptions(services)),
    ]);
    swept.released += released.rows.length;
    swept.published += await sendWakeups(services, claimed.rows);
    if (claimed.rows.length < PUBLISH_LIMIT) break;
  }
  const [deleted] = await services.database.read(systemScope, (q) => [
    deleteDone(q, services.clock.now() - DONE_KEPT_MS, SWEEP_LIMIT),
  ]);
  swept.deleted = deleted.rows.length;
  return swept;
}

/** Rows whose ticket the queue gave up on: they wait again, and the sweep sends them anew. */
export async function returnWakeups(services: Services, wakeups: readonly Wakeup[]): Promise<number> {
  const [returned] = await services.database.read(systemScope, (q) => [
    unpublish(
      q,
      wakeups.map(({ id }) => id),
    ),
  ]);
  return returned.rows.length;
}
