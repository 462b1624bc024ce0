import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { firstIdAt, isStale } from '../../kernel/core/index.ts';
import { runAsSystem, runSweep } from '../../kernel/delivery/index.ts';
import { buildRingEvent } from './ringing.events.ts';
import {
  changeRing,
  selectRing,
  deleteRingsBefore,
  selectExpiredRings,
  toRingDetails,
} from './ringing.queries.ts';
import { hasExpired, RETENTION_DAYS } from './ringing.rules.ts';
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
 * Ends a ring that was not answered in time and notifies both users. A ring that was answered, or has time left, does not
 * change.
 * @throws AppError `server.unavailable` when the database or an inbox cannot be reached
 */
export async function expireRing(services: Services, organizationId: string, ringId: string): Promise<void> {
  try {
    await runAsSystem(services, 'rings.expire', organizationId, (ctx) => expireIfDue(ctx, ringId));
  } catch (error) {
    // Somebody answered at the same time.
    if (!isStale(error)) throw error;
  }
}

/**
 * Ends expired rings that the alarms of the inboxes missed, and deletes rings older than `RETENTION_DAYS`. A ring that
 * fails is tried again by the next sweep.
 */
export async function sweepRings(services: Services): Promise<{ expired: number; failed: number }> {
  const { database, clock } = services;
  const now = clock.now();
  const [due] = await database.read(systemScope, (q) => [selectExpiredRings(q, new Date(now), BATCH_SIZE)]);
  const { done, failed } = await runSweep(services, 'rings.expire', due, (ctx, { id }) =>
    expireIfDue(ctx, id),
  );
  const beforeId = firstIdAt('ring', now - RETENTION_DAYS * DAY_MS);
  await database.commit(systemScope, (q) => [deleteRingsBefore(q, beforeId, BATCH_SIZE)]);
  return { expired: done, failed };
}
