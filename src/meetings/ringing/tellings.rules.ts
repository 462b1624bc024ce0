import type { InboxEvent, Party, QuietReason, RingFrame } from '../inbox/index.ts';
import type { Ring } from './ringing.rules.ts';

/** A ring with the two people in it. */
export interface RingOfTwo {
  ring: Ring;
  caller: Party;
  callee: Party;
}

/** What their inboxes are told. */
export interface Tellings {
  caller: InboxEvent[];
  callee: InboxEvent[];
}

export function frameOf({ ring, caller, callee }: RingOfTwo, direction: RingFrame['direction']): RingFrame {
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

function endedOf({ ring }: RingOfTwo, direction: RingFrame['direction']): InboxEvent[] {
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
export function hushedOf({ ring, ...parties }: RingOfTwo): InboxEvent[] {
  return endedOf({ ring: { ...ring, status: 'declined', endedBy: null }, ...parties }, 'incoming');
}

/** What the callee hears of a ring that made no sound: nothing while it lasts, and of who is blocked nothing at all. */
function unheardOf(two: RingOfTwo, because: QuietReason): InboxEvent[] {
  const { id, status } = two.ring;
  if (status === 'ringing') return [];
  return [{ key: `ring.missed:${id}`, type: 'ring.missed', ring: frameOf(two, 'incoming'), because }];
}

/**
 * What a ring as it stands has its two people told; the same again has the same keys. The callee's inbox lets it run
 * out, whether it sounds or not, so that who rings in vain cannot tell why by when it ends.
 */
export function tellingsOf(two: RingOfTwo): Tellings {
  const { id: ringId, status, unheard } = two.ring;
  const started = (direction: RingFrame['direction']): InboxEvent[] => [
    { key: `ring.started:${ringId}:${direction}`, type: 'ring.started', ring: frameOf(two, direction) },
  ];
  const expiresAt = two.ring.expiresAt.toISOString();
  const timed: InboxEvent = { key: `ring.timed:${ringId}`, type: 'ring.timed', ringId, expiresAt };
  const isRinging = status === 'ringing';
  const caller = isRinging ? started('outgoing') : endedOf(two, 'outgoing');
  if (unheard === null) return { caller, callee: isRinging ? started('incoming') : endedOf(two, 'incoming') };
  if (isRinging) return { caller, callee: [timed] };
  return { caller, callee: unheard === 'blocked' ? [] : unheardOf(two, unheard) };
}
