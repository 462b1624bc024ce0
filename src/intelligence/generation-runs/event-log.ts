import { WaitLimit, withTimeout } from '../../kernel/core/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { GenerationEvent } from '../generations/index.ts';

const DIGITS = 6;
/** Events are stored at most this often, in one row each time: a model gives many small ones. */
const STORE_MS = 250;
/**
 * A row with this many characters is full: with one more event it is still smaller than the 2 MB that a row may have.
 */
const MAX_PAGE = 200_000;
/** Something is sent at least this often, so that nothing on the way considers the connection dead. */
const ALIVE_MS = 15_000;

interface ReaderState {
  /** Number of events that it has. */
  at: number;
  isGone: boolean;
  /** How long nothing may be sent. */
  silence: WaitLimit;
}

const encoder = new TextEncoder();

const formatEvent = ({ type, ...fields }: GenerationEvent, id: number) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(fields)}\n\n`;

export const isLast = ({ type }: GenerationEvent): boolean => type === 'ended' || type === 'failed';

/**
 * The events of a generation, numbered from 1: in memory, and in the storage of the live object, from which they are
 * read again after an eviction. Any number of readers can follow it, each at its own pace.
 */
export class EventLog {
  readonly #storage: KeyValueStorage;
  readonly #prefix: string;
  readonly #now: () => number;
  readonly #events: GenerationEvent[];
  #stored: number;
  #storedAtMs = 0;
  /** Readers that wait for the next event. */
  #waiting: (() => void)[] = [];

  /** @param prefix of its keys in the storage */
  constructor(storage: KeyValueStorage, prefix: string, now: () => number) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#now = now;
    this.#events = Array.from(storage.list({ prefix })).flatMap(([, page]) => page as GenerationEvent[]);
    this.#stored = this.#events.length;
  }

  get events(): readonly GenerationEvent[] {
    return this.#events;
  }

  get isEnded(): boolean {
    const last = this.#events.at(-1);
    return last !== undefined && isLast(last);
  }

  append(event: GenerationEvent): void {
    this.#events.push(event);
    const nowMs = this.#now();
    if (isLast(event) || nowMs - this.#storedAtMs >= STORE_MS) this.#store(nowMs);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits until the events satisfy the condition, up to a time limit. */
  async until(isThere: (events: readonly GenerationEvent[]) => boolean, waitMs: number): Promise<void> {
    if (isThere(this.#events)) return;
    const wait = async () => {
      while (!isThere(this.#events)) await this.#next();
    };
    await withTimeout(wait(), waitMs, () => new Error('not in time')).catch(() => undefined);
  }

  #next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * The events after one, as server-sent events, until the last one. Events that were sent and then lost with an
   * evicted object cannot be sent again; the last event always can.
   */
  follow(after: number): ReadableStream<Uint8Array> {
    const at = Math.min(after, Math.max(0, this.#events.length - 1));
    const state: ReaderState = { at, isGone: false, silence: new WaitLimit(ALIVE_MS) };
    return new ReadableStream({
      type: 'bytes',
      pull: async (controller) => {
        const text = await this.#textAfter(state);
        if (state.isGone) return;
        controller.enqueue(encoder.encode(text));
        if (!this.isEnded || state.at < this.#events.length) return;
        state.silence.close();
        controller.close();
      },
      cancel: () => {
        state.isGone = true;
        state.silence.close();
      },
    });
  }

  async #textAfter(state: ReaderState): Promise<string> {
    if (state.at >= this.#events.length) {
      const isNew = await state.silence
        .wait(this.#next(), () => new Error('nothing new'))
        .then(
          () => true,
          () => false,
        );
      if (!isNew) return ': waiting\n\n';
    }
    const from = state.at;
    const fresh = this.#events.slice(from);
    state.at = this.#events.length;
    return fresh.map((event, index) => formatEvent(event, from + index + 1)).join('');
  }

  #store(nowMs: number): void {
    let size = 0;
    for (let at = this.#stored; at < this.#events.length; at++) {
      size += JSON.stringify(this.#events[at]).length;
      if (size >= MAX_PAGE || at === this.#events.length - 1) {
        this.#storePage(at + 1);
        size = 0;
      }
    }
    this.#storedAtMs = nowMs;
  }

  #storePage(end: number): void {
    const page = this.#events.slice(this.#stored, end);
    this.#storage.put(this.#prefix + String(this.#stored).padStart(DIGITS, '0'), page);
    this.#stored = end;
  }
}
