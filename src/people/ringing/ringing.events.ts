import type { Ctx } from '../../kernel/context/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { contactBlockedEventSchema } from '../contacts/index.ts';
import { silenceIfBlocked } from './silence-ring.ts';
import { selectRing, toRingDetails } from './ringing.queries.ts';
import { ringEventSchema } from './ringing.schemas.ts';
import { notifySilenced, notifyRing } from './notify-ring.ts';
import type { RingDetails } from './inbox-events.rules.ts';

const RING_ENDED_EVENT_TYPES = [
  'ring.accepted',
  'ring.declined',
  'ring.cancelled',
  'ring.busy',
  'ring.missed',
] as const;

/** Tells again how a ring stands by now, should telling it at once have failed. */
const notifyOn = (type: string, notify: (ctx: Ctx, details: RingDetails) => Promise<void>): Subscription =>
  defineSubscription({
    type,
    payload: ringEventSchema,
    async handle(ctx, { ringId }) {
      const { organizationId } = ctx;
      // The system is no party to the ring.
      const scope = { role: 'system', organizationId, userId: null } as const;
      const [[found]] = await ctx.read((q) => [selectRing(q, organizationId, ringId)], scope);
      if (found) await notify(ctx, toRingDetails(found));
    },
  });

export const ringSubscriptions: readonly Subscription[] = [
  ...RING_ENDED_EVENT_TYPES.map((type) => notifyOn(type, notifyRing)),
  notifyOn('ring.started', async (ctx, details) => {
    const { callerId, calleeId } = details.ring;
    // A block that was stored while the ring began has found no ring to stop.
    await silenceIfBlocked(ctx, callerId, calleeId);
    await notifyRing(ctx, details);
  }),
  notifyOn('ring.hushed', notifySilenced),
  defineSubscription({
    type: 'contact.blocked',
    payload: contactBlockedEventSchema,
    handle: (ctx, { userId, blockedUserId }) => silenceIfBlocked(ctx, blockedUserId, userId),
  }),
];
