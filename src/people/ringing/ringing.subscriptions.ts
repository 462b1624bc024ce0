import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { memberRemoved, memberSuspended } from '../../identity/members/index.ts';
import { participantRemoved } from '../../rooms/moderation/index.ts';
import { roomDeleted, roomEnded } from '../../rooms/rooms/index.ts';
import { contactBlocked } from '../contacts/index.ts';
import type { RingDetails } from './inbox-events.rules.ts';
import { notifyRing, notifySilenced } from './notify-ring.ts';
import {
  formerRingSilenced,
  ringAccepted,
  ringBusy,
  ringCancelled,
  ringDeclined,
  ringSilenced,
  ringMissed,
  ringStarted,
} from './ringing.events.ts';
import { selectRing, toRingDetails } from './ringing.queries.ts';
import {
  cancelRingToBlocked,
  cancelRingsIntoRoom,
  cancelRingsOfFormerMember,
  cancelRingsOfRemoved,
  silenceIfBlocked,
} from './withdraw-rings.ts';

/** Notifies about the current state of the ring; the verb did so at once, and this repeats it in case that failed. */
const withRing =
  (notify: (ctx: Ctx, details: RingDetails) => Promise<void>) =>
  async (ctx: Ctx, { ringId }: { ringId: string }): Promise<void> => {
    const { organizationId } = ctx;
    // The system actor is neither caller nor callee, so the read needs the system's scope.
    const scope = { role: 'system', organizationId, userId: null } as const;
    const [[found]] = await ctx.read((q) => [selectRing(q, organizationId, ringId)], scope);
    if (found) await notify(ctx, toRingDetails(found));
  };

async function notifyStarted(ctx: Ctx, details: RingDetails): Promise<void> {
  const { callerId, calleeId } = details.ring;
  // A block that was stored while the ring started found no ring to silence.
  await silenceIfBlocked(ctx, callerId, calleeId);
  await notifyRing(ctx, details);
}

/** Devices stop ringing within a second. */
const prompt = { prompt: true } as const;

export const ringSubscriptions: readonly Subscription[] = [
  subscribe(ringStarted, 'ringing.notify-started', withRing(notifyStarted)),
  subscribe(
    [ringAccepted, ringDeclined, ringCancelled, ringBusy, ringMissed],
    'ringing.notify-ended',
    withRing(notifyRing),
  ),
  subscribe([ringSilenced, formerRingSilenced], 'ringing.notify-silenced', withRing(notifySilenced)),
  subscribe(contactBlocked, 'ringing.silence-blocked', (ctx, { userId, blockedUserId }) =>
    silenceIfBlocked(ctx, blockedUserId, userId),
  ),
  subscribe(contactBlocked, 'ringing.cancel-to-blocked', (ctx, { userId, blockedUserId }) =>
    cancelRingToBlocked(ctx, userId, blockedUserId),
  ),
  subscribe([roomEnded, roomDeleted], 'ringing.cancel-into-room', cancelRingsIntoRoom, prompt),
  subscribe(participantRemoved, 'ringing.cancel-of-removed', cancelRingsOfRemoved, prompt),
  subscribe([memberRemoved, memberSuspended], 'ringing.cancel-of-member', cancelRingsOfFormerMember, prompt),
];
