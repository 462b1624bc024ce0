import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { AppError, encodeBase32, ID_PREFIXES, requestErrors, uuidV7 } from '../../kernel/core/index.ts';
import { systemContext, publish } from '../../kernel/delivery/index.ts';
import {
  changeRing,
  selectRing,
  deleteRingsBefore,
  selectExpiredRings,
  toRingDetails,
} from './ringing.queries.ts';
import { buildRingEvent, hasExpired, RETENTION_DAYS } from './ringing.rules.ts';
import { notifyRing } from './notify-ring.ts';

const BATCH_SIZE = 200;
const DAY_MS = 86_400_000;

async function expireIfDue(ctx: Ctx, ringId: string): Promise<void> {
  const { organizationId } = ctx;
  const scope = { role: 'system', organizationId, userId: null } as const;
  const nowMs = ctx.clock.now();
  const [[found]] = await ctx.read((q) => [selectRing(q, organizationId, ringId)], scope);
  if (!found || !hasExpired(found.ring, nowMs)) return;
  const set = { status: 'missed', endedAt: new Date(nowMs) } as const;
  const ring = { ...found.ring, ...set, version: found.ring.version + 1 };
  await ctx.commit({
    write: (q) => [changeRing(q, found.ring, set)],
    events: [buildRingEvent(ring)],
    scope,
    result: undefined,
  });
  await notifyRing(ctx, toRingDetails({ ...found, ring }));
}

/**
 * Ends a ring that nobody answered in time and tells both sides; one that was answered, or has time left, stays as it is.
 * @throws AppError `server.unavailable` when that could not be stored or told: the effect tells it again
 */
export async function expireRing(services: Services, organizationId: string, ringId: string): Promise<void> {
  const partitions = new Set<string>();
  try {
    await expireIfDue(systemContext(services, 'rings.run_out', organizationId, partitions), ringId);
  } catch (error) {
    // Somebody answered in the same moment.
    if (!(error instanceof AppError && error.code === requestErrors.stale.definition.code)) throw error;
  } finally {
    if (partitions.size > 0) await publish(services, [...partitions]);
  }
}

/**
 * The second line behind the inboxes' alarms: ends what ran out unseen, and forgets rings of long ago. One that fails
 * is left to the next run.
 */
export async function sweepRings(services: Services): Promise<{ ranOut: number; failed: number }> {
  const { database, clock, log } = services;
  const now = clock.now();
  const [due] = await database.read(systemScope, (q) => [selectExpiredRings(q, new Date(now), BATCH_SIZE)]);
  let failed = 0;
  for (const { id, organizationId } of due)
    try {
      await expireRing(services, organizationId, id);
    } catch (error) {
      failed++;
      log.warn('ring.not_run_out', { ringId: id, error });
    }
  const beforeId = `${ID_PREFIXES.ring}_${encodeBase32(uuidV7(now - RETENTION_DAYS * DAY_MS, new Uint8Array(16)))}`;
  await database.commit(systemScope, (q) => [deleteRingsBefore(q, beforeId, BATCH_SIZE)]);
  return { ranOut: due.length - failed, failed };
}
