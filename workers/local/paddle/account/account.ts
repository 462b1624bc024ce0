import { randomBytes } from 'node:crypto';
import { changedFields, ProviderAccount } from '../../stand-in/account.ts';
import { PaddleFailure } from '../http/errors.ts';
import { present } from '../http/present.ts';
import { dueOf } from './due.ts';
import { toIso } from './moments.ts';
import type { Event, Kind, Row, Rows } from './stored.ts';

export interface Settings {
  /** Days from one failed attempt to collect a transaction to the next. */
  retryAfterDays: number[];
  /** The state of a subscription after the last failed attempt. */
  afterRetries: 'cancel' | 'pause';
  /** How long a refund waits for its approval. */
  approvalSeconds: number;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** One account of Paddle. */
export class Account extends ProviderAccount<Rows, Event> {
  readonly settings: Settings = { retryAfterDays: [3, 5, 7], afterRetries: 'cancel', approvalSeconds: 600 };
  #lastInvoice = 10_000;

  constructor(realNow?: () => number) {
    super({ dueOf, missing: PaddleFailure.missing, keepsChanges: () => false }, realNow);
  }

  /** An id in the shape of the API: a prefix and 26 characters. */
  newId(prefix: string): string {
    const random = Array.from(randomBytes(24), (byte) => ALPHABET[byte % 32]).join('');
    return `${prefix}_01${random}`;
  }

  nextInvoiceNumber(): string {
    const count = this.store.all('transaction').filter((each) => each.invoice_number !== null).length;
    return `325-${this.#lastInvoice + count + 1}`;
  }

  /** The present, as the API writes it. */
  nowIso(): string {
    return toIso(this.now());
  }

  create<R extends Row>(row: R, event: string | null = 'created'): R {
    this.store.put(row);
    if (event !== null) this.announce(event, row);
    return row;
  }

  /** Replaces fields of an object and announces it. Without a change, nothing is announced. */
  update<K extends Kind>(
    kind: K,
    id: string,
    patch: Partial<Rows[K]>,
    event: string | null = 'updated',
  ): Rows[K] {
    const before = this.store.get(kind, id);
    const after = { ...before, ...patch };
    if (Object.keys(changedFields(before, after)).length === 0) return before;
    const stored = this.store.put('updated_at' in after ? { ...after, updated_at: this.nowIso() } : after);
    if (event !== null) this.announce(event, stored);
    return stored;
  }

  /** Announces what happened to an object; `event` is the end of the event's name. */
  announce(event: string, row: Row): void {
    const stored = this.store.put<Event>({
      id: this.newId('evt'),
      object: 'event',
      event_type: `${row.object}.${event}`,
      occurred_at: this.nowIso(),
      data: structuredClone(present(row)),
    });
    this.queueEvent(stored.id);
  }

  protected override findEvent(id: string): Event | undefined {
    const row = this.store.find(id);
    return row?.object === 'event' ? row : undefined;
  }
}
