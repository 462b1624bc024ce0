import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { RecognitionPlan } from '../recognitions/index.ts';

/** The stored state of the sound. */
export interface Progress {
  receivedMs: number;
  /** The end of the last result. */
  doneMs: number;
  /** The amount of sound that continuing clients have sent again. */
  resentMs: number;
  /** Since when there is no client; null while there is one. */
  clientAwayAtMs: number | null;
}

const STORE_EACH_MS = 1_000;

/** The stored state of a recognition, except its results. */
export class RecognitionStore {
  readonly #storage: KeyValueStorage;
  /** As received; stored once for each second of sound. */
  #receivedMs = 0;
  #storedMs = 0;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  /** Undefined before it begins, and once it is over. */
  get plan(): RecognitionPlan | undefined {
    return this.#storage.get('plan') as RecognitionPlan | undefined;
  }

  set plan(plan: RecognitionPlan | undefined) {
    if (plan) this.#storage.put('plan', plan);
    else this.#storage.delete('plan');
  }

  get progress(): Progress {
    const none: Progress = { receivedMs: 0, doneMs: 0, resentMs: 0, clientAwayAtMs: null };
    const stored = (this.#storage.get('progress') as Progress | undefined) ?? none;
    return { ...stored, receivedMs: Math.max(stored.receivedMs, this.#receivedMs) };
  }

  /** Notes the end of the received sound. */
  receive(untilMs: number): void {
    this.#receivedMs = Math.max(this.#receivedMs, untilMs);
    if (this.#receivedMs - this.#storedMs >= STORE_EACH_MS) this.change({});
  }

  change(progress: Partial<Progress>): void {
    const changed = { ...this.progress, ...progress };
    this.#storedMs = changed.receivedMs;
    this.#storage.put('progress', changed);
  }
}
