import type { Kept } from './event-log.ts';
import type { ServerFrame } from './inbox.protocol.ts';
import type { InboxEvent } from './inbox.schemas.ts';

/** Events that devices are shown. */
export type Shown = Exclude<InboxEvent, { type: 'ring.timed' }>;

/** An event as a connection is shown it. */
export function frameOf({ seq, atMs, event }: Kept<Shown>, connectionId: string): ServerFrame {
  const placed = { seq, at: new Date(atMs).toISOString() };
  switch (event.type) {
    case 'ring.started':
      return { type: `ring.${event.ring.direction}`, ...placed, ring: event.ring };
    case 'ring.ended': {
      const { ringId, direction, reason, roomId, by } = event;
      const byThisDevice = by === connectionId;
      return { type: 'ring.stopped', ...placed, ringId, direction, reason, roomId, byThisDevice };
    }
    case 'ring.missed':
      return { type: 'ring.missed', ...placed, ring: event.ring, because: event.because };
    case 'notification':
      return { type: 'notification', ...placed, notification: event.notification };
  }
}
