import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { measureCall } from './measure-call.ts';
import { selectCallsToMeasureAgain } from './measured-calls.queries.ts';
import { buildZone, refreshMarked, selectUnbuiltZones, selectZones, setNextZone } from './refresh.queries.ts';

/** Moments of one transaction; it takes about a second when each lies in a busy hour of its own. */
const MOMENTS_PER_ROUND = 200;
const MAX_ROUNDS = 20;

/**
 * Scheduled each minute: computes the marked rollups again. Sent as a read because it answers; repeating it is harmless.
 * @returns how many moments were done
 */
export async function refreshRollups({ database }: Services): Promise<{ done: number }> {
  let total = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const [[refreshed]] = await database.read(systemScope, (q) => [refreshMarked(q, MOMENTS_PER_ROUND)]);
    total += refreshed!.done;
    if (refreshed!.done < MOMENTS_PER_ROUND) break;
  }
  return { done: total };
}

const HOUR_MS = 3_600_000;
/** Samples are taken for an hour; the rest is for outages. */
const MEASURED_AGAIN_MS = 26 * HOUR_MS;
const MAX_CALLS_PER_RUN = 200;

/** Scheduled: records calls again for which samples arrived after their end, and those that no event recorded. */
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
  if (next === zones.next) return;
  await ctx.commit({ write: (q) => setNextZone(q, organizationId, { shown, next }), result: undefined });
}

const ZONES_PER_RUN = 20;
/** Ten years of months. */
const MAX_MONTHS = 120;

/** Scheduled each minute: builds rollups in new time zones, month by month. */
export async function buildTimeZones(services: Services): Promise<{ done: number; failed: number }> {
  const { database } = services;
  const [due] = await database.read(systemScope, (q) => [selectUnbuiltZones(q, ZONES_PER_RUN)]);
  return runSweep(services, 'analytics.build_time_zone', due, async (_ctx, { organizationId }) => {
    for (let month = 0; month < MAX_MONTHS; month++) {
      const [[built]] = await database.read(systemScope, (q) => [buildZone(q, organizationId)]);
      if (built!.finished) return;
    }
  });
}
