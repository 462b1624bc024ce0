/** The synchronous key-value API of an object's storage: all writes of one turn become durable together. */
export interface KeyValueStorage {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  delete(key: string): boolean;
  list(range: { prefix: string; end?: string; limit: number }): Iterable<[string, unknown]>;
}

const PREFIX = 'due|';
const TIME_DIGITS = 15;

const timeText = (atMs: number) => String(atMs).padStart(TIME_DIGITS, '0');

/**
 * Keys with a due time, in order of time: many alarms over one. An entry is only a hint; its handler reads the record
 * itself.
 */
export class DueList {
  readonly #storage: KeyValueStorage;
  readonly #onAdded: (atMs: number) => void;

  /** @param onAdded called with the time of every new entry, so that the one alarm is never later than the first */
  constructor(storage: KeyValueStorage, onAdded: (atMs: number) => void) {
    this.#storage = storage;
    this.#onAdded = onAdded;
  }

  add(atMs: number, key: string): void {
    this.#storage.put(`${PREFIX}${timeText(atMs)}|${key}`, null);
    this.#onAdded(atMs);
  }

  /** Removes the entry of that time. */
  cancel(atMs: number, key: string): void {
    this.#storage.delete(`${PREFIX}${timeText(atMs)}|${key}`);
  }

  /** Removes and returns at most `limit` keys that are due. */
  take(nowMs: number, limit: number): string[] {
    const range = { prefix: PREFIX, end: `${PREFIX}${timeText(nowMs + 1)}`, limit };
    const entries = Array.from(this.#storage.list(range), ([entry]) => entry);
    for (const entry of entries) this.#storage.delete(entry);
    return entries.map((entry) => entry.slice(PREFIX.length + TIME_DIGITS + 1));
  }

  /** When the first entry is due; null when there is none. */
  next(): number | null {
    for (const [entry] of this.#storage.list({ prefix: PREFIX, limit: 1 }))
      return Number(entry.slice(PREFIX.length, PREFIX.length + TIME_DIGITS));
    return null;
  }
}
