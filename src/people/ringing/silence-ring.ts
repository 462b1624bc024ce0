import type { Ctx } from '../../kernel/context/index.ts';
import { changeRing, selectSoundingRingOfBlockedCaller, toRingDetails } from './ringing.queries.ts';
import { notifySilenced } from './notify-ring.ts';
import { ringSilenced } from './ringing.events.ts';

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
