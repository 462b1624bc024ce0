import type { KeyValues } from '../../platform/limits/index.ts';
import type { InboxCursor, ServerFrame } from './inbox.protocol.ts';
import type { InboxEvent } from './inbox.schemas.ts';

/** Events kept for devices that are away, at most. */
export const MAX_EVENTS = 200;
/** And at most so long. */
export const EVENT_LIFE_MS = 86_400_000;

const META = 'log';
const EVENT = 'e|';
const KEY = 'k|';
const SEQ_DIGITS = 15;

interface Meta {
  /** Tells this log from one that was forgotten: a place in that one is none in this. */
  epoch: string;
  /** Of the newest event; 0 before the first. */
  seq: number;
  /** Of the oldest event that is kept; one above `seq` when none is. */
  first: number;
  /** Up to where the person has seen. */
  seen: number;
}

interface Entry<T> {
  key: string;
  event: T;
  atMs: number;
}

export interface Kept<T> {
  seq: number;
  atMs: number;
  event: T;
}

export interface Gap {
  from: number;
  to: number;
  reason: 'trimmed' | 'epoch' | 'ahead';
}

/** Where a device that comes back goes on. */
export interface Resumption<T> {
  gap: Gap | null;
  missed: Kept<T>[];
}

/** What is missing for good for who comes back with this cursor. */
function gapAt({ epoch, seq, first }: Meta, cursor: InboxCursor): Gap | null {
  const unknown = { from: cursor.seq + 1, to: cursor.seq };
  if (cursor.epoch !== epoch) return { ...unknown, reason: 'epoch' };
  if (cursor.seq > seq) return { ...unknown, reason: 'ahead' };
  return cursor.seq < first - 1 ? { from: cursor.seq + 1, to: first - 1, reason: 'trimmed' } : null;
}

/** A bounded, ordered log in an object's storage: each event once by its key, replayed from a cursor or marked as gone. */
export class EventLog<T> {
  readonly #storage: KeyValues;
  readonly #newEpoch: () => string;

  constructor(storage: KeyValues, newEpoch: () => string) {
    this.#storage = storage;
    this.#newEpoch = newEpoch;
  }

  #meta(): Meta {
    const known = this.#storage.get(META) as Meta | undefined;
    if (known) return known;
    const made: Meta = { epoch: this.#newEpoch(), seq: 0, first: 1, seen: 0 };
    this.#storage.put(META, made);
    return made;
  }

  #name(seq: number): string {
    return EVENT + String(seq).padStart(SEQ_DIGITS, '0');
  }

  #entry(seq: number): Entry<T> {
    return this.#storage.get(this.#name(seq)) as Entry<T>;
  }

  get cursor(): InboxCursor {
    const { epoch, seq } = this.#meta();
    return { epoch, seq };
  }

  get seen(): number {
    return this.#meta().seen;
  }

  /** Keeps an event; undefined when one of this key is kept already. */
  append(key: string, event: T, nowMs: number): Kept<T> | undefined {
    if (this.#storage.get(KEY + key) !== undefined) return undefined;
    const meta = this.#meta();
    const seq = meta.seq + 1;
    this.#storage.put(this.#name(seq), { key, event, atMs: nowMs } satisfies Entry<T>);
    this.#storage.put(KEY + key, seq);
    this.#storage.put(META, { ...meta, seq });
    this.prune(nowMs);
    return { seq, atMs: nowMs, event };
  }

  /** What a device with this cursor has missed. After a gap all that is kept, for none of it can have been seen. */
  resume(cursor: InboxCursor): Resumption<T> {
    const meta = this.#meta();
    const gap = gapAt(meta, cursor);
    const missed: Kept<T>[] = [];
    for (let seq = gap ? meta.first : cursor.seq + 1; seq <= meta.seq; seq++) {
      const { event, atMs } = this.#entry(seq);
      missed.push({ seq, atMs, event });
    }
    return { gap, missed };
  }

  /** Notes that the person has seen up to an event; false when that says nothing new. */
  see(seq: number): boolean {
    const meta = this.#meta();
    if (seq > meta.seq || seq <= meta.seen) return false;
    this.#storage.put(META, { ...meta, seen: seq });
    return true;
  }

  /** Forgets what is too old or too much. @returns when the next event is too old; null when none is kept */
  prune(nowMs: number): number | null {
    const meta = this.#meta();
    let nextAtMs: number | null = null;
    let { first } = meta;
    for (; first <= meta.seq && nextAtMs === null; first++) {
      const { key, atMs } = this.#entry(first);
      if (meta.seq - first < MAX_EVENTS && atMs + EVENT_LIFE_MS > nowMs) {
        nextAtMs = atMs + EVENT_LIFE_MS;
        break;
      }
      this.#storage.delete(this.#name(first));
      this.#storage.delete(KEY + key);
    }
    if (first !== meta.first) this.#storage.put(META, { ...meta, first });
    return nextAtMs;
  }
}

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
