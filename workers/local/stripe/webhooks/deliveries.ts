import { setTimeout as sleep } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { secretOf } from './endpoints.ts';
import { signatureOf } from './signature.ts';
import { thinEvent } from './thin-events.ts';

/** How deliveries misbehave, on request. */
export const deliveryFaultsSchema = z.strictObject({
  /** Copies of each delivery beyond the first. */
  duplicates: z.int().min(0).max(10).default(0),
  /** The share of deliveries that never arrive, from 0 to 1; they are not tried again. */
  drop: z.number().min(0).max(1).default(0),
  /** Deliveries that wait are sent in any order. */
  shuffle: z.boolean().default(false),
  delayMs: z.int().min(0).max(10_000).default(0),
  /** Signatures are ten minutes old, which receivers must refuse. */
  oldSignature: z.boolean().default(false),
  /** The version that events claim to have. */
  apiVersion: z.string().optional(),
  /** The same seed makes the same choices. */
  seed: z.int().default(1),
});
export type DeliveryFaults = z.output<typeof deliveryFaultsSchema>;

/** Seconds from one attempt to the next: three days in all. */
const RETRY_AFTER_SECONDS = [300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200];
const TIMEOUT_MS = 10_000;
const OLD_SECONDS = 600;

interface Delivery {
  event: Rows['event'];
  endpoint: string;
  attempts: number;
  /** When it may be tried, on the clock of its object. */
  at: number;
  clock: string | null;
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const accepts = (enabled: readonly string[], type: string) =>
  enabled.includes('*') || enabled.includes(type) || enabled.includes(`v1.${type}`);

/** Sends events to the endpoints, one at a time, and again when they fail. */
export class Deliveries {
  readonly #account: Account;
  #waiting: Delivery[] = [];
  #sending: Promise<void> | undefined;
  #faults = deliveryFaultsSchema.parse({});
  #random = randomFrom(1);
  #isClosed = false;

  constructor(account: Account) {
    this.#account = account;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  misbehave(faults: DeliveryFaults): void {
    this.#faults = faults;
    this.#random = randomFrom(faults.seed);
  }

  add(events: readonly Rows['event'][]): void {
    for (const event of events) {
      const clock = (event.data.object as { test_clock?: string | null }).test_clock ?? null;
      for (const { id, status, enabled_events: enabled } of this.#account.store.all('webhook_endpoint')) {
        if (status !== 'enabled' || !accepts(enabled, event.type)) continue;
        const copies = this.#random() < this.#faults.drop ? 0 : 1 + this.#faults.duplicates;
        for (let copy = 0; copy < copies; copy++)
          this.#waiting.push({ event, endpoint: id, attempts: 0, at: 0, clock });
      }
    }
    this.send();
  }

  /** Begins to send what is due. */
  send(): void {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when everything that is due has been tried. */
  async settle(): Promise<void> {
    while (this.#sending || this.#nextIndex() >= 0) {
      this.send();
      await this.#sending;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sending;
  }

  #nextIndex(): number {
    if (this.#isClosed) return -1;
    const due = this.#waiting.flatMap(({ at, clock }, index) =>
      at <= this.#account.now(clock) ? [index] : [],
    );
    const choice = this.#faults.shuffle ? Math.floor(this.#random() * due.length) : 0;
    return due[choice] ?? -1;
  }

  async #sendAll(): Promise<void> {
    await sleep(this.#faults.delayMs);
    for (let index = this.#nextIndex(); index >= 0; index = this.#nextIndex()) {
      const [delivery] = this.#waiting.splice(index, 1);
      if (delivery && !(await this.#isTaken(delivery))) this.#retryLater(delivery);
    }
  }

  #retryLater(delivery: Delivery): void {
    const wait = RETRY_AFTER_SECONDS[delivery.attempts];
    const from = delivery.attempts === 0 ? this.#account.now(delivery.clock) : delivery.at;
    if (wait !== undefined)
      this.#waiting.push({ ...delivery, attempts: delivery.attempts + 1, at: from + wait });
  }

  /** One attempt; an endpoint that was removed meanwhile has nothing to take. */
  async #isTaken({ event, endpoint: id }: Delivery): Promise<boolean> {
    const endpoint = this.#account.store.find(id);
    if (endpoint?.object !== 'webhook_endpoint') return true;
    const { secret, payload } = secretOf(this.#account, id);
    const version = this.#faults.apiVersion ?? endpoint.api_version ?? event.api_version;
    const body = JSON.stringify(payload === 'thin' ? thinEvent(event) : { ...event, api_version: version });
    // Receivers compare the signature's time with theirs, so it is the real one.
    const signedAt = Math.floor(Date.now() / 1000) - (this.#faults.oldSignature ? OLD_SECONDS : 0);
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'stripe-signature': signatureOf(body, secret, signedAt),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false; // nobody listens there, or no answer came in time: the next attempt will show
    }
  }
}
