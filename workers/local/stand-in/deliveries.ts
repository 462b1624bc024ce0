import { setTimeout as sleep } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';

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
  /** The same seed makes the same choices. */
  seed: z.int().default(1),
});
export type DeliveryFaults = z.output<typeof deliveryFaultsSchema>;

const OLD_SECONDS = 600;

/** One event on its way to one endpoint. */
interface Delivery<E> {
  event: E;
  endpoint: string;
  attempts: number;
  /** When it may be tried, on the clock of its object. */
  at: number;
  clock: string | null;
}

export interface DeliveryRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** How a provider sends its events. */
export interface DeliveryRules<E, F extends DeliveryFaults> {
  now(clock: string | null): number;
  /** The test clock that retries of an event follow; null is the clock of the account. */
  clockOf(event: E): string | null;
  /** The endpoints that want an event. */
  endpointsFor(event: E): string[];
  /**
   * The signed request; undefined when the endpoint was removed meanwhile.
   * @param signedAt seconds since 1970
   */
  requestFor(event: E, endpoint: string, signedAt: number, faults: F): DeliveryRequest | undefined;
  /** Seconds from one attempt to the next. */
  retryAfterSeconds: readonly number[];
  /** How long an endpoint may take to answer. */
  timeLimitMs: number;
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

/** Sends events to the endpoints, one at a time, and again when they fail. */
export class Deliveries<E, F extends DeliveryFaults = DeliveryFaults> {
  readonly #rules: DeliveryRules<E, F>;
  #waiting: Delivery<E>[] = [];
  #sending: Promise<void> | undefined;
  #faults: F;
  #random = randomFrom(1);
  #isClosed = false;

  /** @param faults those of a provider that behaves well */
  constructor(rules: DeliveryRules<E, F>, faults: F) {
    this.#rules = rules;
    this.#faults = faults;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  misbehave(faults: F): void {
    this.#faults = faults;
    this.#random = randomFrom(faults.seed);
  }

  add(events: readonly E[]): void {
    for (const event of events) {
      const clock = this.#rules.clockOf(event);
      for (const endpoint of this.#rules.endpointsFor(event)) {
        const copies = this.#random() < this.#faults.drop ? 0 : 1 + this.#faults.duplicates;
        for (let copy = 0; copy < copies; copy++)
          this.#waiting.push({ event, endpoint, attempts: 0, at: 0, clock });
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
      at <= this.#rules.now(clock) ? [index] : [],
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

  #retryLater(delivery: Delivery<E>): void {
    const wait = this.#rules.retryAfterSeconds[delivery.attempts];
    const from = delivery.attempts === 0 ? this.#rules.now(delivery.clock) : delivery.at;
    if (wait !== undefined)
      this.#waiting.push({ ...delivery, attempts: delivery.attempts + 1, at: from + wait });
  }

  /** One attempt; an endpoint that was removed meanwhile has nothing to take. */
  async #isTaken({ event, endpoint }: Delivery<E>): Promise<boolean> {
    // Receivers compare the signature's time with theirs, so it is the real one.
    const signedAt = Math.floor(Date.now() / 1000) - (this.#faults.oldSignature ? OLD_SECONDS : 0);
    const request = this.#rules.requestFor(event, endpoint, signedAt, this.#faults);
    if (request === undefined) return true;
    try {
      const response = await fetch(request.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...request.headers },
        body: request.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#rules.timeLimitMs),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false; // nobody listens there, or no answer came in time: the next attempt will show
    }
  }
}
