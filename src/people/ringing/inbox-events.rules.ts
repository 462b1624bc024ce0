import type { InboxEvent, RingParty, QuietReason, RingFrame } from '../inbox/index.ts';
import type { Ring } from './ringing.rules.ts';

/** A ring with the two people in it. */
export interface RingDetails {
  ring: Ring;
  caller: RingParty;
  callee: RingParty;
}

/** What their inboxes are told. */
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
 * What the callee hears of a ring that sounded until they blocked the caller: its end, as if they had declined it. The
 * key is that of any end, so that nothing follows it.
 */
export function buildSilencedEvents({ ring, ...parties }: RingDetails): InboxEvent[] {
  return buildEndedEvents({ ring: { ...ring, status: 'declined', endedBy: null }, ...parties }, 'incoming');
}

/** What the callee hears of a ring that made no sound: nothing while it lasts, and of who is blocked nothing at all. */
function buildMissedEvents(details: RingDetails, because: QuietReason): InboxEvent[] {
  const { id, status } = details.ring;
  if (status === 'ringing') return [];
  return [
    { key: `ring.missed:${id}`, type: 'ring.missed', ring: buildRingFrame(details, 'incoming'), because },
  ];
}

/**
 * What a ring as it stands has its two people told; the same again has the same keys. The callee's inbox lets it run
 * out, whether it sounds or not, so that who rings in vain cannot tell why by when it ends.
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
