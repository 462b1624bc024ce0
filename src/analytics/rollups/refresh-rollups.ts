import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { measureCall } from './measure-call.ts';
import { selectCallsToMeasureAgain } from './measured-calls.queries.ts';
import {
  buildZone,
  countMarked,
  postponeOldest,
  refreshMarked,
  selectUnbuiltZones,
  selectZones,
  setNextZone,
} from './refresh.queries.ts';

/** Moments of one transaction, so that it ends within a statement's time limit. */
const MOMENTS_PER_ROUND = 200;
const MAX_ROUNDS = 20;
/** When a round fails, it is repeated with the number of moments divided by this, down to one. */
const FEWER = 20;
/** How long moments that could not be computed wait, so that they do not stop other organizations. */
const POSTPONED_MS = 15 * 60_000;

/** Leaves the organization of the moment that has been marked longest to a later run. @returns how many moments wait */
async function postponeFailed(
  { clock, database, log }: Services,
  now: Date,
  error: unknown,
): Promise<number> {
  const until = new Date(clock.now() + POSTPONED_MS);
  const [postponed] = await database.read(systemScope, (q) => [postponeOldest(q, now, until)]);
  const organizationId = postponed[0]?.organizationId;
  log.warn('sweep.item_failed', { name: 'analytics.refresh', organizationId, error });
  return postponed.length;
}

/**
 * Scheduled each minute: computes the marked rollups again. It is sent as a read because it returns rows; repeating it
 * is harmless. An organization whose rollups cannot be computed waits, and does not stop others.
 * @returns how many moments were done, and how many were left to a later run because they failed
 */
export async function refreshRollups(services: Services): Promise<{ done: number; failed: number }> {
  const { clock, database } = services;
  const now = new Date(clock.now());
  const outcome = { done: 0, failed: 0 };
  const [[marked]] = await database.read(systemScope, (q) => [
    countMarked(q, now, MOMENTS_PER_ROUND * MAX_ROUNDS),
  ]);
  let left = marked!.moments;
  let most = MOMENTS_PER_ROUND;
  for (let round = 0; round < MAX_ROUNDS && left > 0; round++) {
    const asked = Math.min(most, left);
    try {
      const [[refreshed]] = await database.read(systemScope, (q) => [refreshMarked(q, asked)]);
      outcome.done += refreshed!.done;
      left -= refreshed!.done;
      if (refreshed!.done < asked) break;
    } catch (error) {
      most = asked > 1 ? Math.ceil(asked / FEWER) : MOMENTS_PER_ROUND;
      if (asked > 1) continue;
      const failed = await postponeFailed(services, now, error);
      outcome.failed += failed;
      left -= failed;
    }
  }
  return outcome;
}

const HOUR_MS = 3_600_000;
/** Samples are accepted for an hour; the rest is for outages. */
const MEASURED_AGAIN_MS = 26 * HOUR_MS;
const MAX_CALLS_PER_RUN = 200;

/** Scheduled: records calls whose samples arrived after their end again, and calls that no event recorded. */
export async function measureLateCalls(services: Services): Promise<{ done: number; failed: number }> {
  const { clock, database } = services;
  const since = new Date(clock.now() - MEASURED_AGAIN_MS);
  const [due] = await database.read(systemScope, (q) => [
    selectCallsToMeasureAgain(q, since, MAX_CALLS_PER_RUN),
  ]);
  return runSweep(services, 'analytics.measure_late', due, (ctx, { id }) => measureCall(ctx, id));
}

/**
 * Begins to build the rollups in the time zone of the organization's settings, when it differs. The old ones are shown until
 * the new ones are complete.
 */
export async function followTimeZone(ctx: Ctx): Promise<void> {
  const { organizationId } = ctx;
  const [[zones]] = await ctx.read((q) => [selectZones(q, organizationId)]);
  if (!zones) return;
  const { wanted, shown } = zones;
  const next = wanted === shown ? null : wanted;
  // Rollups in the current time zone can be built once more when their content has changed.
  if (next === zones.next || (next === null && zones.next === shown)) return;
  await ctx.commit({ write: (q) => setNextZone(q, organizationId, { shown, next }), result: undefined });
}

const ZONES_PER_RUN = 20;
/** Parts of an organization's rollups in one run; a large organization needs several. */
const MAX_PARTS = 60;

/** Scheduled each minute: builds rollups in new time zones, part by part. */
export async function buildTimeZones(services: Services): Promise<{ done: number; failed: number }> {
  const { database } = services;
  const [due] = await database.read(systemScope, (q) => [
    selectUnbuiltZones(q, new Date(services.clock.now()), ZONES_PER_RUN),
  ]);
  return runSweep(services, 'analytics.build_time_zone', due, async (_ctx, { organizationId }) => {
    for (let part = 0; part < MAX_PARTS; part++) {
      const [[built]] = await database.read(systemScope, (q) => [buildZone(q, organizationId)]);
      if (built!.finished) return;
    }
  });
}
