import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { contactBlocked } from '../contacts/index.ts';
import type { RingDetails } from './inbox-events.rules.ts';
import { notifyRing, notifySilenced } from './notify-ring.ts';
import {
  ringAccepted,
  ringBusy,
  ringCancelled,
  ringDeclined,
  ringHushed,
  ringMissed,
  ringStarted,
} from './ringing.events.ts';
import { selectRing, toRingDetails } from './ringing.queries.ts';
import { silenceIfBlocked } from './silence-ring.ts';

/** Reads the ring and notifies about what is true of it now, should notifying at once have failed. */
const withRing =
  (notify: (ctx: Ctx, details: RingDetails) => Promise<void>) =>
  async (ctx: Ctx, { ringId }: { ringId: string }): Promise<void> => {
    const { organizationId } = ctx;
    // The system is no party to the ring.
    const scope = { role: 'system', organizationId, userId: null } as const;
    const [[found]] = await ctx.read((q) => [selectRing(q, organizationId, ringId)], scope);
    if (found) await notify(ctx, toRingDetails(found));
  };

async function notifyStarted(ctx: Ctx, details: RingDetails): Promise<void> {
  const { callerId, calleeId } = details.ring;
  // A block that was stored while the ring began has found no ring to stop.
  await silenceIfBlocked(ctx, callerId, calleeId);
  await notifyRing(ctx, details);
}

export const ringSubscriptions: readonly Subscription[] = [
  subscribe(ringStarted, 'ringing.notify-started', withRing(notifyStarted)),
  subscribe(
    [ringAccepted, ringDeclined, ringCancelled, ringBusy, ringMissed],
    'ringing.notify-ended',
    withRing(notifyRing),
  ),
  subscribe(ringHushed, 'ringing.notify-silenced', withRing(notifySilenced)),
  subscribe(contactBlocked, 'ringing.silence-blocked', (ctx, { userId, blockedUserId }) =>
    silenceIfBlocked(ctx, blockedUserId, userId),
  ),
];
