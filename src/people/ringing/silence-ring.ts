import type { Ctx } from '../../kernel/context/index.ts';
import { changeRing, selectSoundingRingOfBlockedCaller, toRingDetails } from './ringing.queries.ts';
import { notifySilenced } from './notify-ring.ts';
import { ringHushed } from './ringing.events.ts';

/**
 * Stops a ring on the callee's devices when they block the caller by now, and hides it from them. For the caller it goes
 * on, and nobody answers. Does nothing where nothing sounds.
 * @throws AppError `request.stale` when the ring ended meanwhile, `server.unavailable` when the devices could not be
 * told: the effect tells them again
 */
export async function silenceIfBlocked(ctx: Ctx, callerId: string, calleeId: string): Promise<void> {
  const { organizationId } = ctx;
  // The system is no party to the ring.
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
    events: [ringHushed.of({ ringId: ring.id })],
    scope,
    result: undefined,
  });
  await notifySilenced(ctx, toRingDetails(found));
}
