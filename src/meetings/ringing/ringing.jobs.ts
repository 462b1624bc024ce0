import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { findRing, ringOfTwo } from './ringing.queries.ts';
import { ringEffectSchema } from './ringing.schemas.ts';
import { tellRing } from './tell-ring.ts';

const RING_EVENTS = [
  'ring.started',
  'ring.accepted',
  'ring.declined',
  'ring.cancelled',
  'ring.busy',
  'ring.missed',
] as const;

/** Tells both sides again how the ring stands by now, should telling them at once have failed. */
export const ringJobs: readonly Job[] = RING_EVENTS.map((type) =>
  defineJob({
    type,
    payload: ringEffectSchema,
    async handle(ctx, { ringId }) {
      const { organizationId } = ctx;
      // The system is no party to the ring.
      const scope = { role: 'system', organizationId, userId: null } as const;
      const [[found]] = await ctx.read((q) => [findRing(q, organizationId, ringId)], scope);
      if (found) await tellRing(ctx, ringOfTwo(found));
    },
  }),
);
