import { type Services, systemScope } from '../context/index.ts';
import { claimEverywhere, claimIn, lockPartitions, lockPublishing } from './claim.queries.ts';
import { releaseExpired, unpublish } from './delivery.queries.ts';
import type { Wakeup } from './delivery.ports.ts';
import {
  FAN_OUT_LIMIT,
  FAN_OUT_PER_PARTITION,
  IN_FLIGHT_PER_PARTITION,
  IN_FLIGHT_PER_SUBSCRIBER,
  LOOK_AHEAD,
  MAX_WAKEUP_DELAY_SECONDS,
  PUBLISH_LIMIT,
  PUBLISHED_LEASE_MS,
  ROLLOUT_MS,
} from './delivery.rules.ts';
import { type FanOut, fanOutEverywhere, fanOutIn, fanOutMissed, takeDeadLetters } from './fan-out.queries.ts';
import { deleteDelivered, deleteFinished, releaseEvents } from '../events/index.ts';
import { time } from './delivery.queries.ts';

const KEPT_MS = 7 * 86_400_000;
const SWEEP_LIMIT = 5_000;
const SWEEP_ROUNDS = 20;

const claimOf = ({ clock }: Services) => ({
  nowMs: clock.now(),
  leaseUntilMs: clock.now() + PUBLISHED_LEASE_MS,
  perPartition: IN_FLIGHT_PER_PARTITION,
  perSubscriber: IN_FLIGHT_PER_SUBSCRIBER,
  limit: PUBLISH_LIMIT,
});

const fanOutOf = ({ clock, subscriptions }: Services): FanOut => ({
  subscriptions,
  nowMs: clock.now(),
  perPartition: FAN_OUT_PER_PARTITION,
  limit: FAN_OUT_LIMIT,
});

/**
 * Sends a wakeup for each claimed delivery. A queue that refuses them returns the rows at once, not by their lease.
 * @returns the ids of the deliveries
 */
async function sendWakeups(services: Services, rows: { id: string; turn: string }[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const ids = rows.sort((a, b) => Number(a.turn) - Number(b.turn)).map(({ id }) => id);
  try {
    await services.ports.wakeupQueue.send(ids.map((id) => ({ id })));
  } catch (error) {
    await services.database.commit(systemScope, (q) => [unpublish(q, ids)]);
    throw error;
  }
  return ids;
}

/**
 * Wakes partitions when something in them becomes due. If the queue refuses, the sweep does it, which runs each minute.
 */
export async function wakeLater(
  services: Services,
  due: readonly { partition: string; atMs: number }[],
): Promise<void> {
  const nowMs = services.clock.now();
  const byDelay = Map.groupBy(due, ({ atMs }) =>
    Math.min(Math.max(Math.ceil((atMs - nowMs) / 1000), 0), MAX_WAKEUP_DELAY_SECONDS),
  );
  for (const [delaySeconds, together] of byDelay) {
    const partitions = new Set(together.map(({ partition }) => partition));
    const wakeups: Wakeup[] = [...partitions].map((partition) => ({ partition }));
    try {
      await services.ports.wakeupQueue.send(wakeups, delaySeconds);
    } catch (error) {
      services.log.warn('delivery.wakeup_failed', { partitions: partitions.size, delaySeconds, error });
    }
  }
}

const dueTimes = (delayed: readonly { partition: string; availableAt: string }[]) =>
  delayed.map(({ partition, availableAt }) => ({ partition, atMs: new Date(availableAt).getTime() }));

/**
 * Hands to the queue what may go now in these partitions: makes the deliveries of new events, claims those that may go,
 * sends their wakeups. One round trip, then the queue. Publishers of the same partition wait for each other. The rows
 * belong to many organizations, so this runs in the system's scope; it goes through `read` because a claim whose answer
 * was lost is taken back by its lease.
 * @returns the ids of the deliveries that were sent
 * @throws what the queue or the database throws; nothing is lost by it
 */
export async function claimAndWake(services: Services, partitions: readonly string[]): Promise<string[]> {
  if (partitions.length === 0) return [];
  const [, published, claimed] = await services.database.read(systemScope, (q) => [
    lockPartitions(q, partitions),
    fanOutIn(q, fanOutOf(services), partitions),
    claimIn(q, claimOf(services), partitions, LOOK_AHEAD),
  ]);
  const sent = await sendWakeups(services, claimed.rows);
  await wakeLater(services, dueTimes(published.rows[0]!.delayed));
  return sent;
}

/** Hands to the queue what may go now, as `claimAndWake`. @returns how many deliveries were sent */
export const publish = async (services: Services, partitions: readonly string[]): Promise<number> =>
  (await claimAndWake(services, partitions)).length;

export interface SweptDeliveries {
  /** Leases that had expired. */
  released: number;
  /** Wakeups sent. */
  published: number;
  /** Events deleted seven days after they were published, with their deliveries. */
  deleted: number;
}

/**
 * Makes up for lost wakeups, dead consumers and other versions' subscribers, and deletes what is long done. Bounded: what
 * is left over waits for the next minute.
 */
export async function sweepDeliveries(services: Services): Promise<SweptDeliveries> {
  const swept: SweptDeliveries = { released: 0, published: 0, deleted: 0 };
  const nowMs = services.clock.now();
  for (let round = 0; round < SWEEP_ROUNDS; round++) {
    const [, released, , , , published, claimed] = await services.database.read(systemScope, (q) => [
      lockPublishing(q),
      releaseExpired(q, nowMs, SWEEP_LIMIT),
      releaseEvents(q, time(nowMs), SWEEP_LIMIT),
      takeDeadLetters(q, fanOutOf(services)),
      fanOutMissed(q, fanOutOf(services), nowMs - ROLLOUT_MS),
      fanOutEverywhere(q, fanOutOf(services)),
      claimEverywhere(q, claimOf(services)),
    ]);
    swept.released += released.rows.length;
    swept.published += (await sendWakeups(services, claimed.rows)).length;
    const { events, delayed } = published.rows[0]!;
    await wakeLater(services, dueTimes(delayed));
    if (claimed.rows.length < PUBLISH_LIMIT && events < FAN_OUT_LIMIT) break;
  }
  const [delivered, finished] = await services.database.read(systemScope, (q) => [
    deleteDelivered(q, time(nowMs - KEPT_MS), SWEEP_LIMIT),
    deleteFinished(q, time(nowMs - KEPT_MS), SWEEP_LIMIT),
  ]);
  swept.deleted = delivered.rows.length + finished.rows.length;
  return swept;
}

/** Deliveries whose wakeup the queue gave up on wait again; the sweep sends them once more. */
export async function returnWakeups(services: Services, wakeups: readonly Wakeup[]): Promise<number> {
  const ids = wakeups.flatMap((wakeup) => ('id' in wakeup ? [wakeup.id] : []));
  const [returned] = await services.database.read(systemScope, (q) => [unpublish(q, ids)]);
  return returned.rows.length;
}
