import type { InboxEvent, RingParty, QuietReason, RingFrame } from '../inbox/index.ts';
import type { Ring } from './ringing.rules.ts';

/** A ring with its two users. */
export interface RingDetails {
  ring: Ring;
  caller: RingParty;
  callee: RingParty;
}

/** The events to push into the two inboxes. */
export interface RingInboxEvents {
  caller: InboxEvent[];
  callee: InboxEvent[];
}

export function buildRingFrame(
  { ring, caller, callee }: RingDetails,
  direction: RingFrame['direction'],
): RingFrame {
  return {
    ringId: ring.id,
    direction,
    from: caller,
    to: callee,
    roomId: ring.roomId,
    message: ring.message,
    startedAt: ring.createdAt.toISOString(),
    expiresAt: ring.expiresAt.toISOString(),
  };
}

function buildEndedEvents({ ring }: RingDetails, direction: RingFrame['direction']): InboxEvent[] {
  if (ring.status === 'ringing') return [];
  const { id: ringId, status: reason, roomId, endedBy: by, expiresAt } = ring;
  return [
    {
      key: `ring.ended:${ringId}:${direction}`,
      type: 'ring.ended',
      ringId,
      direction,
      reason,
      roomId,
      by,
      expiresAt: expiresAt.toISOString(),
    },
  ];
}

/**
 * The events for a callee who blocked the caller while the ring sounded: the ring ends as if it had been declined. The key
 * is that of every end, so that no second end is shown.
 */
export function buildSilencedEvents({ ring, ...parties }: RingDetails): InboxEvent[] {
  return buildEndedEvents({ ring: { ...ring, status: 'declined', endedBy: null }, ...parties }, 'incoming');
}

/** The callee's event for a silent ring: none while it lasts, a missed ring when it is over. */
function buildMissedEvents(details: RingDetails, because: QuietReason): InboxEvent[] {
  const { id, status } = details.ring;
  if (status === 'ringing') return [];
  return [
    { key: `ring.missed:${id}`, type: 'ring.missed', ring: buildRingFrame(details, 'incoming'), because },
  ];
}

/**
 * The inbox events for the current state of a ring; built again, they have the same keys. The callee's inbox also times
 * silent rings, so that the caller cannot distinguish them by when they end.
 */
export function buildRingEvents(details: RingDetails): RingInboxEvents {
  const { id: ringId, status, unheard } = details.ring;
  const started = (direction: RingFrame['direction']): InboxEvent[] => [
    {
      key: `ring.started:${ringId}:${direction}`,
      type: 'ring.started',
      ring: buildRingFrame(details, direction),
    },
  ];
  const expiresAt = details.ring.expiresAt.toISOString();
  const timed: InboxEvent = { key: `ring.timed:${ringId}`, type: 'ring.timed', ringId, expiresAt };
  const isRinging = status === 'ringing';
  const caller = isRinging ? started('outgoing') : buildEndedEvents(details, 'outgoing');
  if (unheard === null)
    return { caller, callee: isRinging ? started('incoming') : buildEndedEvents(details, 'incoming') };
  if (isRinging) return { caller, callee: [timed] };
  return { caller, callee: unheard === 'blocked' ? [] : buildMissedEvents(details, unheard) };
}
