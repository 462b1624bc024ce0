import type { KeyValueStorage } from './key-values.ts';

const PREFIX = 'due|';
const EARLIEST_PREFIX = 'due-at|';
const TIME_DIGITS = 15;
const NAME_START = PREFIX.length + TIME_DIGITS + 1;

const entryKey = (atMs: number, name: string) =>
  `${PREFIX}${String(atMs).padStart(TIME_DIGITS, '0')}|${name}`;

/**
 * Tasks by name and time, over the one alarm of an object. An entry is a hint: the handler of a task looks at the
 * record that it is about. Times are milliseconds since the epoch.
 */
export class DueList {
  readonly #storage: KeyValueStorage;
  readonly #onAdded: (atMs: number) => void;

  /** @param onAdded called with the time of every new entry, to keep the alarm no later than the first of them */
  constructor(storage: KeyValueStorage, onAdded: (atMs: number) => void) {
    this.#storage = storage;
    this.#onAdded = onAdded;
  }

  /** Adds an entry; the same name may be due at other times as well. */
  add(atMs: number, name: string): void {
    this.#storage.put(entryKey(atMs, name), null);
    this.#onAdded(atMs);
  }

  /** Removes the entry that `add` made for this time. */
  cancel(atMs: number, name: string): void {
    this.#storage.delete(entryKey(atMs, name));
  }

  /**
   * Makes the task due at this time, unless it is due earlier: there is one entry for each name. Do not mix with `add`
   * for the same name.
   * @returns whether the list changed
   */
  addEarliest(atMs: number, name: string): boolean {
    const pendingAtMs = this.#storage.get(EARLIEST_PREFIX + name) as number | undefined;
    if (pendingAtMs !== undefined && pendingAtMs <= atMs) return false;
    if (pendingAtMs !== undefined) this.#storage.delete(entryKey(pendingAtMs, name));
    this.#storage.put(EARLIEST_PREFIX + name, atMs);
    // The value marks the entry as one of `addEarliest`, so that `take` deletes the row with EARLIEST_PREFIX as well.
    this.#storage.put(entryKey(atMs, name), true);
    this.#onAdded(atMs);
    return true;
  }

  /** Removes the entry that `addEarliest` made, whenever it is due. */
  cancelEarliest(name: string): void {
    const pendingAtMs = this.#storage.get(EARLIEST_PREFIX + name) as number | undefined;
    if (pendingAtMs === undefined) return;
    this.#storage.delete(EARLIEST_PREFIX + name);
    this.#storage.delete(entryKey(pendingAtMs, name));
  }

  /** Removes and returns the names whose time has come, the earliest first; at most `limit`, all by default. */
  take(nowMs: number, limit?: number): string[] {
    const range = { prefix: PREFIX, end: entryKey(nowMs + 1, ''), ...(limit === undefined ? {} : { limit }) };
    const entries = Array.from(this.#storage.list(range));
    return entries.map(([key, isEarliest]) => {
      const name = key.slice(NAME_START);
      this.#storage.delete(key);
      if (isEarliest) this.#storage.delete(EARLIEST_PREFIX + name);
      return name;
    });
  }

  /** When the first entry is due; null when there is none. */
  next(): number | null {
    for (const [key] of this.#storage.list({ prefix: PREFIX, limit: 1 }))
      return Number(key.slice(PREFIX.length, PREFIX.length + TIME_DIGITS));
    return null;
  }
}
