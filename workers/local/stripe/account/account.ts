import { dueOf } from './due.ts';
import { Store } from './store.ts';
import type { Kind, Row, Rows } from './stored.ts';
import { withoutIncludable } from '../http/expand.ts';

export const API_VERSION = '2026-10-28.endive';

/** What an operator of a real account chooses in its dashboard. */
export interface Settings {
  /** Days from one failed attempt to collect an invoice to the next. */
  retryAfterDays: number[];
  /** What becomes of a subscription when the last attempt failed. */
  afterRetries: 'cancel' | 'unpaid' | 'past_due';
  /** How long a renewal's invoice stays a draft. */
  draftSeconds: number;
}

export interface AccountDump {
  offsetSeconds: number;
  settings: Settings;
  rows: Row[];
}

/** The names of events begin with it; other kinds with their own name. */
const EVENT_PREFIX: Partial<Record<Kind, string>> = {
  subscription: 'customer.subscription',
  tax_id: 'customer.tax_id',
  discount: 'customer.discount',
};

function changedFields(before: Row, after: Row): Record<string, unknown> {
  const previous = Object.entries(before).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name as keyof Row]),
  );
  return Object.fromEntries(previous);
}

/** One account: its objects, its clock and its settings. Everything in it is synchronous, so each request is atomic. */
export class Account {
  readonly store = new Store(dueOf);
  readonly settings: Settings = { retryAfterDays: [3, 5, 7], afterRetries: 'cancel', draftSeconds: 3_600 };
  /** Address of the pages that a customer opens. */
  url = '';
  onEvents: (events: Rows['event'][]) => void = () => undefined;
  readonly #realNow: () => number;
  #offsetSeconds = 0;
  #pinned: number | undefined;
  #events: string[] = [];
  #depth = 0;
  /** How many times something may have changed. */
  changes = 0;

  constructor(realNow: () => number = Date.now) {
    this.#realNow = realNow;
  }

  /** Seconds since 1970 on a test clock, or on the clock of the account. */
  now(clock: string | null = null): number {
    if (clock !== null) return this.store.get('test_helpers.test_clock', clock).frozen_time;
    return this.#pinned ?? Math.floor(this.#realNow() / 1000) + this.#offsetSeconds;
  }

  /** The present of a customer, who may be on a test clock. */
  nowOf(customer: string): number {
    return this.now(this.clockOf(customer));
  }

  clockOf(customer: string): string | null {
    return this.store.get('customer', customer, 'customer').test_clock ?? null;
  }

  /** While `run` works, the clock stands at a moment. Test clocks stand by themselves. */
  at<T>(clock: string | null, moment: number, run: () => T): T {
    if (clock !== null) {
      this.update('test_helpers.test_clock', clock, { frozen_time: moment }, null);
      return run();
    }
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
  dump(): AccountDump {
    return { offsetSeconds: this.#offsetSeconds, settings: this.settings, rows: this.store.dump() };
  }

  restore({ offsetSeconds, settings, rows }: AccountDump): void {
    this.#offsetSeconds = offsetSeconds;
    Object.assign(this.settings, settings);
    for (const row of rows) this.store.put(row);
  }

  /** Stores a new object and announces it, as `<kind>.created` or under another name; null announces nothing. */
  create<R extends Row>(row: R, event: string | null = 'created'): R {
    this.store.put(row);
    if (event !== null) this.announce(event, row);
    return row;
  }

  /** Replaces fields of an object and announces it with what they were before. Without a change, nothing is announced. */
  update<K extends Kind>(
    kind: K,
    id: string,
    patch: Partial<Rows[K]>,
    event: string | null = 'updated',
  ): Rows[K] {
    const before = this.store.get(kind, id);
    const after = this.store.put({ ...before, ...patch });
    const previous = changedFields(before, after);
    if (event !== null && Object.keys(previous).length > 0)
      this.announce(event, after, event === 'updated' ? previous : undefined);
    return after;
  }

  /** Announces what happened to an object; `event` is the end of the event's name. */
  announce(event: string, row: Row, previous?: Record<string, unknown>): void {
    const clock = 'test_clock' in row && typeof row.test_clock === 'string' ? row.test_clock : null;
    const object = structuredClone(withoutIncludable(row));
    const stored = this.store.put<Rows['event']>({
      id: this.store.newId('evt'),
      object: 'event',
      api_version: API_VERSION,
      created: this.now(clock),
      livemode: false,
      pending_webhooks: this.store.all('webhook_endpoint').length,
      request: { id: null, idempotency_key: null },
      type: `${EVENT_PREFIX[row.object] ?? row.object}.${event}`,
      data: previous ? { object, previous_attributes: structuredClone(previous) } : { object },
    });
    this.#events.push(stored.id);
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

  #handOver(): void {
    const ids = this.#events;
    this.#events = [];
    const kept = ids.map((id) => this.store.find(id)).filter((row) => row?.object === 'event');
    if (kept.length > 0) this.onEvents(kept);
  }
}
