import { type Ctx, type Services, systemScope } from '../../platform/context/index.ts';
import { AppError, encodeBase32, ID_PREFIXES, requestErrors, uuidV7 } from '../../platform/core/index.ts';
import { clockCtx, publish } from '../../platform/delivery/index.ts';
import { changeRing, findRing, forgetRings, listRunOut, ringOfTwo } from './ringing.queries.ts';
import { effectOf, hasRunOut, RING_DAYS } from './ringing.rules.ts';
import { tellRing } from './tell-ring.ts';

const AT_ONCE = 200;
const DAY_MS = 86_400_000;

async function endIfRunOut(ctx: Ctx, ringId: string): Promise<void> {
  const { organizationId } = ctx;
  const scope = { role: 'system', organizationId, userId: null } as const;
  const nowMs = ctx.clock.now();
  const [[found]] = await ctx.read((q) => [findRing(q, organizationId, ringId)], scope);
  if (!found || !hasRunOut(found.ring, nowMs)) return;
  const set = { status: 'missed', endedAt: new Date(nowMs) } as const;
  const ring = { ...found.ring, ...set, version: found.ring.version + 1 };
  await ctx.commit({
    write: (q) => [changeRing(q, found.ring, set)],
    effects: [effectOf(ring)],
    scope,
    result: undefined,
  });
  await tellRing(ctx, ringOfTwo({ ...found, ring }));
}

/**
 * Ends a ring that nobody answered in time and tells both sides; one that was answered, or has time left, stays as it is.
 * @throws AppError `server.unavailable` when that could not be stored or told: the effect tells it again
 */
export async function runOutRing(services: Services, organizationId: string, ringId: string): Promise<void> {
  const lanes = new Set<string>();
  try {
    await endIfRunOut(clockCtx(services, 'rings.run_out', organizationId, lanes), ringId);
  } catch (error) {
    // Somebody answered in the same moment.
    if (!(error instanceof AppError && error.code === requestErrors.stale.definition.code)) throw error;
  } finally {
    if (lanes.size > 0) await publish(services, [...lanes]);
  }
}

/**
 * The second line behind the inboxes' alarms: ends what ran out unseen, and forgets rings of long ago. One that fails
 * is left to the next run.
 */
export async function sweepRings(services: Services): Promise<{ ranOut: number; failed: number }> {
  const { database, clock, log } = services;
  const now = clock.now();
  const [due] = await database.read(systemScope, (q) => [listRunOut(q, new Date(now), AT_ONCE)]);
  let failed = 0;
  for (const { id, organizationId } of due)
    try {
      await runOutRing(services, organizationId, id);
    } catch (error) {
      failed++;
      log.warn('ring.not_run_out', { ringId: id, error });
    }
  const below = `${ID_PREFIXES.ring}_${encodeBase32(uuidV7(now - RING_DAYS * DAY_MS, new Uint8Array(16)))}`;
  await database.commit(systemScope, (q) => [forgetRings(q, below, AT_ONCE)]);
  return { ranOut: due.length - failed, failed };
}
