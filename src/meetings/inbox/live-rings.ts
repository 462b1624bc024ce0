import type { KeyValues } from '../../platform/limits/index.ts';
import type { InboxEvent, RingFrame } from './inbox.schemas.ts';

const RING = 'r|';
const MOST = 1_000;
/** How long an ended ring is remembered, so that word of its beginning that comes late does not start it again. */
const MEMORY_MS = 600_000;

interface Known {
  /** Null once it has ended, and while it makes no sound. */
  ring: RingFrame | null;
  ended: boolean;
  forgetAtMs: number;
}

/** Which rings have begun and ended, whatever the order in which that is told. */
export class LiveRings {
  readonly #storage: KeyValues;

  constructor(storage: KeyValues) {
    this.#storage = storage;
  }

  #known(ringId: string): Known | undefined {
    return this.#storage.get(RING + ringId) as Known | undefined;
  }

  #put(ringId: string, known: Known): void {
    this.#storage.put(RING + ringId, known);
  }

  /** Notes what the event says of a ring. @returns whether there is anything in it to act on */
  admit(event: InboxEvent, nowMs: number): boolean {
    if (event.type === 'notification' || event.type === 'ring.missed') return true;
    const ringId = event.type === 'ring.started' ? event.ring.ringId : event.ringId;
    const endsAtMs = Date.parse(event.type === 'ring.started' ? event.ring.expiresAt : event.expiresAt);
    const known = this.#known(ringId);
    const forgetAtMs = Math.max(endsAtMs, nowMs) + MEMORY_MS;
    if (event.type === 'ring.ended') {
      this.#put(ringId, { ring: null, ended: true, forgetAtMs });
      // Devices that never heard of it have nothing to stop; a caller hears of every end.
      return event.direction === 'outgoing' || known !== undefined;
    }
    if (known || endsAtMs <= nowMs) return false;
    this.#put(ringId, { ring: event.type === 'ring.started' ? event.ring : null, ended: false, forgetAtMs });
    return true;
  }

  /** Those that ring now. */
  live(nowMs: number): RingFrame[] {
    return Array.from(this.#storage.list({ prefix: RING, limit: MOST }), ([, value]) => value as Known)
      .filter(({ ring, ended }) => !ended && ring !== null && Date.parse(ring.expiresAt) > nowMs)
      .map(({ ring }) => ring!);
  }

  /** Forgets those that have long ended. @returns how many are left */
  prune(nowMs: number): number {
    const known = Array.from(this.#storage.list({ prefix: RING, limit: MOST }));
    const old = known.filter(([, value]) => (value as Known).forgetAtMs <= nowMs);
    for (const [name] of old) this.#storage.delete(name);
    return known.length - old.length;
  }
}
