import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { GapReason } from '../../realtime/sockets/index.ts';
import {
  EVENT_LIFE_MS,
  type InboxCursor,
  type InboxEvent,
  type InboxServerFrame,
  MAX_EVENTS,
} from '../inbox/index.ts';

const HEAD_KEY = 'log';
const EVENT_PREFIX = 'e|';
const KEY_PREFIX = 'k|';
const SEQ_DIGITS = 15;

interface LogHead {
  /** Distinguishes this log from an earlier one that was deleted. */
  epoch: string;
  /** The number of the newest event; 0 before the first. */
  seq: number;
  /** The number of the oldest stored event; `seq + 1` when none is stored. */
  first: number;
  /** The number of the last event that the person has seen. */
  seen: number;
}

interface StoredEvent<T> {
  key: string;
  event: T;
  atMs: number;
}

export interface LoggedEvent<T> {
  seq: number;
  atMs: number;
  event: T;
}

export interface ReplayGap {
  from: number;
  to: number;
  reason: GapReason;
}

/** What a device receives when it comes back. */
export interface LogReplay<T> {
  gap: ReplayGap | null;
  missed: LoggedEvent<T>[];
}

/** The events that a device with this cursor can no longer get; null for none. */
function gapAfter({ epoch, seq, first }: LogHead, cursor: InboxCursor): ReplayGap | null {
  const emptyRange = { from: cursor.seq + 1, to: cursor.seq };
  if (cursor.epoch !== epoch) return { ...emptyRange, reason: 'epoch' };
  if (cursor.seq > seq) return { ...emptyRange, reason: 'ahead' };
  return cursor.seq < first - 1 ? { from: cursor.seq + 1, to: first - 1, reason: 'trimmed' } : null;
}

/** A bounded, ordered log in an object's storage. Each event is stored once by its key, and replayed from a cursor. */
export class InboxEventLog<T> {
  readonly #storage: KeyValueStorage;
  readonly #newEpoch: () => string;

  constructor(storage: KeyValueStorage, newEpoch: () => string) {
    this.#storage = storage;
    this.#newEpoch = newEpoch;
  }

  #readHead(): LogHead {
    const stored = this.#storage.get(HEAD_KEY) as LogHead | undefined;
    if (stored) return stored;
    const created: LogHead = { epoch: this.#newEpoch(), seq: 0, first: 1, seen: 0 };
    this.#storage.put(HEAD_KEY, created);
    return created;
  }

  #storageKey(seq: number): string {
    return EVENT_PREFIX + String(seq).padStart(SEQ_DIGITS, '0');
  }

  #storedEvent(seq: number): StoredEvent<T> {
    return this.#storage.get(this.#storageKey(seq)) as StoredEvent<T>;
  }

  get cursor(): InboxCursor {
    const { epoch, seq } = this.#readHead();
    return { epoch, seq };
  }

  get seenSeq(): number {
    return this.#readHead().seen;
  }

  /** Stores an event; undefined when one with this key is stored already. */
  append(key: string, event: T, nowMs: number): LoggedEvent<T> | undefined {
    if (this.#storage.get(KEY_PREFIX + key) !== undefined) return undefined;
    const head = this.#readHead();
    const seq = head.seq + 1;
    this.#storage.put(this.#storageKey(seq), { key, event, atMs: nowMs } satisfies StoredEvent<T>);
    this.#storage.put(KEY_PREFIX + key, seq);
    this.#storage.put(HEAD_KEY, { ...head, seq });
    this.prune(nowMs);
    return { seq, atMs: nowMs, event };
  }

  /** The events after a cursor. After a gap all that are stored, because none of them can have been received. */
  resume(cursor: InboxCursor): LogReplay<T> {
    const head = this.#readHead();
    const gap = gapAfter(head, cursor);
    const missed: LoggedEvent<T>[] = [];
    for (let seq = gap ? head.first : cursor.seq + 1; seq <= head.seq; seq++) {
      const { event, atMs } = this.#storedEvent(seq);
      missed.push({ seq, atMs, event });
    }
    return { gap, missed };
  }

  /** Notes the last event that the person has seen. @returns whether that was news */
  markSeen(seq: number): boolean {
    const head = this.#readHead();
    if (seq > head.seq || seq <= head.seen) return false;
    this.#storage.put(HEAD_KEY, { ...head, seen: seq });
    return true;
  }

  /** Deletes events beyond the limits. @returns when the next one will be too old; null when none is stored */
  prune(nowMs: number): number | null {
    const head = this.#readHead();
    let nextAtMs: number | null = null;
    let { first } = head;
    for (; first <= head.seq && nextAtMs === null; first++) {
      const { key, atMs } = this.#storedEvent(first);
      if (head.seq - first < MAX_EVENTS && atMs + EVENT_LIFE_MS > nowMs) {
        nextAtMs = atMs + EVENT_LIFE_MS;
        break;
      }
      this.#storage.delete(this.#storageKey(first));
      this.#storage.delete(KEY_PREFIX + key);
    }
    if (first !== head.first) this.#storage.put(HEAD_KEY, { ...head, first });
    return nextAtMs;
  }
}

/** Events that devices are shown. */
export type DeviceEvent = Exclude<InboxEvent, { type: 'ring.timed' }>;

/** An event as the frame for one connection. */
export function toEventFrame(
  { seq, atMs, event }: LoggedEvent<DeviceEvent>,
  connectionId: string,
): InboxServerFrame {
  const position = { seq, at: new Date(atMs).toISOString() };
  switch (event.type) {
    case 'ring.started':
      return { type: `ring.${event.ring.direction}`, ...position, ring: event.ring };
    case 'ring.ended': {
      const { ringId, direction, reason, roomId, by } = event;
      const byThisDevice = by === connectionId;
      return { type: 'ring.stopped', ...position, ringId, direction, reason, roomId, byThisDevice };
    }
    case 'ring.missed':
      return { type: 'ring.missed', ...position, ring: event.ring, because: event.because };
    case 'notification':
      return { type: 'notification', ...position, notification: event.notification };
  }
}
