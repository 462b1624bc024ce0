/** The synchronous key-value side of an object's storage: all writes of one turn become durable together. */
export interface KeyValueStorage {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  /** @returns whether there was a value */
  delete(key: string): boolean;
  /** Entries in the order of their keys, at most `limit`; keys from `end` on are left out. */
  list(range: { prefix: string; end?: string; limit?: number }): Iterable<[string, unknown]>;
}
