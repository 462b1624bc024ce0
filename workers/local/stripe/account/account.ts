import { changedFields, ProviderAccount } from '../../stand-in/account.ts';
import { StripeFailure } from '../http/errors.ts';
import { withoutIncludable } from '../http/expand.ts';
import { dueOf } from './due.ts';
import type { Kind, Row, Rows } from './stored.ts';

export const API_VERSION = '2026-10-28.endive';

/** What an operator of a real account chooses in its dashboard. */
export interface Settings {
  /** Days from one failed attempt to collect an invoice to the next. */
  retryAfterDays: number[];
  /** The state of a subscription after the last failed attempt. */
  afterRetries: 'cancel' | 'unpaid' | 'past_due';
  /** How long a renewal's invoice stays a draft. */
  draftSeconds: number;
}

/** The names of events begin with it; other kinds with their own name. */
const EVENT_PREFIX: Partial<Record<Kind, string>> = {
  subscription: 'customer.subscription',
  tax_id: 'customer.tax_id',
  discount: 'customer.discount',
};

const keepsChanges = (error: unknown) => error instanceof StripeFailure && error.keepsChanges;

/** One account with test clocks. */
export class Account extends ProviderAccount<Rows, Rows['event']> {
  readonly settings: Settings = { retryAfterDays: [3, 5, 7], afterRetries: 'cancel', draftSeconds: 3_600 };

  constructor(realNow?: () => number) {
    super({ dueOf, missing: StripeFailure.missing, keepsChanges }, realNow);
  }

  /** Seconds since 1970 on a test clock, or on the clock of the account. */
  override now(clock: string | null = null): number {
    return clock === null ? super.now() : this.store.get('test_helpers.test_clock', clock).frozen_time;
  }

  /** The present of a customer, who may be on a test clock. */
  nowOf(customer: string): number {
    return this.now(this.clockOf(customer));
  }

  clockOf(customer: string): string | null {
    return this.store.get('customer', customer, 'customer').test_clock ?? null;
  }

  /** While `run` works, the clock stands at a moment. Test clocks stand by themselves. */
  override at<T>(clock: string | null, moment: number, run: () => T): T {
    if (clock === null) return super.at(clock, moment, run);
    this.update('test_helpers.test_clock', clock, { frozen_time: moment }, null);
    return run();
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
    this.queueEvent(stored.id);
  }

  protected override findEvent(id: string): Rows['event'] | undefined {
    const row = this.store.find(id);
    return row?.object === 'event' ? row : undefined;
  }
}
