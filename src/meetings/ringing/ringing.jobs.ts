import type { Ctx } from '../../platform/context/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { blockEffectSchema } from '../contacts/index.ts';
import { hushIfBlocked } from './hush-ring.ts';
import { findRing, ringOfTwo } from './ringing.queries.ts';
import { ringEffectSchema } from './ringing.schemas.ts';
import { tellHushed, tellRing } from './tell-ring.ts';
import type { RingOfTwo } from './tellings.rules.ts';

const RING_ENDED = ['ring.accepted', 'ring.declined', 'ring.cancelled', 'ring.busy', 'ring.missed'] as const;

/** Tells again how a ring stands by now, should telling it at once have failed. */
const telling = (type: string, tell: (ctx: Ctx, two: RingOfTwo) => Promise<void>): Job =>
  defineJob({
    type,
    payload: ringEffectSchema,
    async handle(ctx, { ringId }) {
      const { organizationId } = ctx;
      // The system is no party to the ring.
      const scope = { role: 'system', organizationId, userId: null } as const;
      const [[found]] = await ctx.read((q) => [findRing(q, organizationId, ringId)], scope);
      if (found) await tell(ctx, ringOfTwo(found));
    },
  });

export const ringJobs: readonly Job[] = [
  ...RING_ENDED.map((type) => telling(type, tellRing)),
  telling('ring.started', async (ctx, two) => {
    const { callerId, calleeId } = two.ring;
    // A block that was stored while the ring began has found no ring to stop.
    await hushIfBlocked(ctx, callerId, calleeId);
    await tellRing(ctx, two);
  }),
  telling('ring.hushed', tellHushed),
  defineJob({
    type: 'contact.blocked',
    payload: blockEffectSchema,
    handle: (ctx, { userId, blockedUserId }) => hushIfBlocked(ctx, blockedUserId, userId),
  }),
];
