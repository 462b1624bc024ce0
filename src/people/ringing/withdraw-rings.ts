import type { Ctx } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { notifyRing, notifySilenced } from './notify-ring.ts';
import { buildRingEvent, ringSilenced } from './ringing.events.ts';
import { changeRing, selectSoundingRingOfBlockedCaller, toRingDetails } from './ringing.queries.ts';
import {
  selectRingsIntoClosedRoom,
  selectRingsOfFormerMember,
  selectRingsOfRemoved,
  selectRingsToBlocked,
} from './rings-to-cancel.queries.ts';

/**
 * Cancels open rings for both sides, without their caller.
 * @throws AppError `request.stale` when one of them ended meanwhile, `server.unavailable` when an inbox cannot be reached
 */
async function cancelRings(
  ctx: Ctx,
  select: (q: Queries) => ReturnType<typeof selectRingsIntoClosedRoom>,
): Promise<void> {
  const scope = { role: 'system', organizationId: ctx.organizationId, userId: null } as const;
  const [found] = await ctx.read((q) => [select(q)], scope);
  if (found.length === 0) return;
  const set = { status: 'cancelled', endedAt: new Date(ctx.clock.now()) } as const;
  const cancelled = found.map((row) => ({
    ...row,
    ring: { ...row.ring, ...set, version: row.ring.version + 1 },
  }));
  await ctx.commit({
    write: (q) => found.map(({ ring }) => changeRing(q, ring, set)),
    events: cancelled.map(({ ring }) => buildRingEvent(ring)),
    scope,
    result: undefined,
  });
  await applyToAll(cancelled, (row) => notifyRing(ctx, toRingDetails(row)));
}

/** Cancels the open rings into a room that has ended or was deleted. */
export const cancelRingsIntoRoom = (ctx: Ctx, { roomId }: { roomId: string }): Promise<void> =>
  cancelRings(ctx, (q) => selectRingsIntoClosedRoom(q, ctx.organizationId, roomId));

/** Cancels the open rings into a room by or to somebody who was removed from it. */
export const cancelRingsOfRemoved = (
  ctx: Ctx,
  removed: { roomId: string; identity: string },
): Promise<void> => cancelRings(ctx, (q) => selectRingsOfRemoved(q, ctx.organizationId, removed));

/** Cancels the ring of somebody who has blocked its callee in the meantime. */
export const cancelRingToBlocked = (ctx: Ctx, callerId: string, calleeId: string): Promise<void> =>
  cancelRings(ctx, (q) => selectRingsToBlocked(q, ctx.organizationId, callerId, calleeId));

/** Cancels the open rings by or to a user who was suspended or is no member any longer. */
export const cancelRingsOfFormerMember = (ctx: Ctx, { userId }: { userId: string }): Promise<void> =>
  cancelRings(ctx, (q) => selectRingsOfFormerMember(q, ctx.organizationId, userId));

/**
 * Silences an open ring after its callee has blocked the caller: it stops on the callee's devices and is hidden from them,
 * while the caller sees a ring that is not answered. Does nothing if no ring sounds.
 * @throws AppError `request.stale` when the ring ended meanwhile, `server.unavailable` when the callee's inbox cannot be
 * reached (the subscriber of `ring.silenced` notifies it again)
 */
export async function silenceIfBlocked(ctx: Ctx, callerId: string, calleeId: string): Promise<void> {
  const { organizationId } = ctx;
  // The system actor is neither caller nor callee, so the read needs the system's scope.
  const scope = { role: 'system', organizationId, userId: null } as const;
  const now = new Date(ctx.clock.now());
  const [[found]] = await ctx.read(
    (q) => [selectSoundingRingOfBlockedCaller(q, organizationId, callerId, calleeId, now)],
    scope,
  );
  if (!found) return;
  const { ring } = found;
  await ctx.commit({
    write: (q) => [changeRing(q, ring, { unheard: 'blocked' })],
    events: [ringSilenced.of({ ringId: ring.id })],
    scope,
    result: undefined,
  });
  await notifySilenced(ctx, toRingDetails(found));
}
