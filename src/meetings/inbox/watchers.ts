import type { KeyValues } from '../../platform/limits/index.ts';

/** How many follow a person's presence at most; more see it when they ask. */
const MAX_WATCHERS = 1_000;
export const WATCHER = 'w|';

/** Who follows the person's presence; whoever is told in vain is forgotten. */
export class Watchers {
  readonly #storage: KeyValues;

  constructor(storage: KeyValues) {
    this.#storage = storage;
  }

  add(watcherId: string): void {
    if (this.all().length < MAX_WATCHERS) this.#storage.put(WATCHER + watcherId, true);
  }

  remove(watcherId: string): void {
    this.#storage.delete(WATCHER + watcherId);
  }

  all(): string[] {
    const entries = this.#storage.list({ prefix: WATCHER, limit: MAX_WATCHERS });
    return Array.from(entries, ([name]) => name.slice(WATCHER.length));
  }
}
