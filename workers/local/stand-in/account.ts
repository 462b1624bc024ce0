import { type RowsByKind, Store, type StoreOptions } from './store.ts';

export interface AccountDump<Row = unknown> {
  offsetSeconds: number;
  settings: object;
  rows: Row[];
}

/**
 * One account at a provider: its objects, its clock and its settings. Everything in it is synchronous, so each request is
 * atomic.
 */
export abstract class ProviderAccount<Rows extends RowsByKind<Rows>, Event> {
  readonly store: Store<Rows>;
  /** Settings that an operator of a real account chooses in its dashboard. */
  abstract readonly settings: object;
  /** Address of the pages that a customer opens. */
  url = '';
  onEvents: (events: Event[]) => void = () => undefined;
  readonly #realNow: () => number;
  #offsetSeconds = 0;
  #pinned: number | undefined;
  #events: string[] = [];
  #depth = 0;
  /** How many times something may have changed. */
  changes = 0;

  constructor(options: StoreOptions<Rows[keyof Rows]>, realNow: () => number = Date.now) {
    this.store = new Store(options);
    this.#realNow = realNow;
  }

  /** Seconds since 1970. @param clock a test clock, in an account that has them */
  now(clock: string | null = null): number {
    if (clock !== null) throw new Error(`this account has no test clocks, so not ${clock}`);
    return this.#pinned ?? Math.floor(this.#realNow() / 1000) + this.#offsetSeconds;
  }

  /** While `run` works, the clock stands at a moment. */
  at<T>(clock: string | null, moment: number, run: () => T): T {
    if (clock !== null) throw new Error(`this account has no test clocks, so not ${clock}`);
    this.#pinned = moment;
    try {
      return run();
    } finally {
      this.#pinned = undefined;
    }
  }

  moveClock(seconds: number): void {
    this.#offsetSeconds += seconds;
    this.changes += 1;
  }

  /** Everything that makes up the account, as JSON. */
  dump(): AccountDump<Rows[keyof Rows]> {
    return { offsetSeconds: this.#offsetSeconds, settings: this.settings, rows: this.store.dump() };
  }

  restore({ offsetSeconds, settings, rows }: AccountDump): void {
    this.#offsetSeconds = offsetSeconds;
    Object.assign(this.settings, settings);
    for (const row of rows as Rows[keyof Rows][]) this.store.put(row);
  }

  /** Runs a change completely or not at all, then hands over what was announced. `keep` false undoes a preview. */
  run<T>(change: () => T, keep = true): T {
    this.#depth += 1;
    try {
      return this.store.transaction(change, () => keep);
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#handOver();
      this.changes += 1;
    }
  }

  /** Remembers an event until the change that announced it is complete. */
  protected queueEvent(id: string): void {
    this.#events.push(id);
  }

  /** An event of the account, unless it was undone. */
  protected abstract findEvent(id: string): Event | undefined;

  #handOver(): void {
    const ids = this.#events;
    this.#events = [];
    const kept = ids.flatMap((id) => this.findEvent(id) ?? []);
    if (kept.length > 0) this.onEvents(kept);
  }
}

/** The fields of a row that a change replaced, as they were before. */
export function changedFields<R extends object>(before: R, after: R): Record<string, unknown> {
  const previous = Object.entries(before).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name as keyof R]),
  );
  return Object.fromEntries(previous);
}
