import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { InboxEvent, RingFrame } from '../inbox/index.ts';

const RING_PREFIX = 'r|';
const MAX_RINGS = 1_000;
/** How long an ended ring is remembered: an event of its start that arrives later must not start it again. */
const ENDED_RING_KEPT_MS = 600_000;

interface RingRecord {
  /** Null once it has ended, and while it makes no sound. */
  ring: RingFrame | null;
  ended: boolean;
  forgetAtMs: number;
}

/** The rings that have started and ended, independent of the order of their events. */
export class LiveRings {
  readonly #storage: KeyValueStorage;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  #findRecord(ringId: string): RingRecord | undefined {
    return this.#storage.get(RING_PREFIX + ringId) as RingRecord | undefined;
  }

  #putRecord(ringId: string, record: RingRecord): void {
    this.#storage.put(RING_PREFIX + ringId, record);
  }

  /** Notes what an event says about a ring. @returns whether it must be shown */
  recordEvent(event: InboxEvent, nowMs: number): boolean {
    if (event.type === 'notification' || event.type === 'ring.missed') return true;
    const ringId = event.type === 'ring.started' ? event.ring.ringId : event.ringId;
    const endsAtMs = Date.parse(event.type === 'ring.started' ? event.ring.expiresAt : event.expiresAt);
    const existing = this.#findRecord(ringId);
    const forgetAtMs = Math.max(endsAtMs, nowMs) + ENDED_RING_KEPT_MS;
    if (event.type === 'ring.ended') {
      this.#putRecord(ringId, { ring: null, ended: true, forgetAtMs });
      // Devices that never rang have nothing to stop; the caller's devices show every end.
      return event.direction === 'outgoing' || existing !== undefined;
    }
    if (existing || endsAtMs <= nowMs) return false;
    this.#putRecord(ringId, {
      ring: event.type === 'ring.started' ? event.ring : null,
      ended: false,
      forgetAtMs,
    });
    return true;
  }

  /** The rings that are ringing now. */
  listLive(nowMs: number): RingFrame[] {
    return Array.from(
      this.#storage.list({ prefix: RING_PREFIX, limit: MAX_RINGS }),
      ([, value]) => value as RingRecord,
    )
      .filter(({ ring, ended }) => !ended && ring !== null && Date.parse(ring.expiresAt) > nowMs)
      .map(({ ring }) => ring!);
  }

  /** Deletes rings that ended long ago. @returns how many are left */
  prune(nowMs: number): number {
    const entries = Array.from(this.#storage.list({ prefix: RING_PREFIX, limit: MAX_RINGS }));
    const expired = entries.filter(([, value]) => (value as RingRecord).forgetAtMs <= nowMs);
    for (const [name] of expired) this.#storage.delete(name);
    return entries.length - expired.length;
  }
}
