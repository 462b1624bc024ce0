import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { RecognitionPlan } from '../recognitions/index.ts';

/** What is stored of the sound. */
export interface Progress {
  receivedMs: number;
  /** The end of the last result. */
  doneMs: number;
  /** Since when no client is there; null while one is. */
  clientAwayAtMs: number | null;
}

/** What a recognition stores beside its results. */
export class RecognitionStore {
  readonly #storage: KeyValueStorage;

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
    const none: Progress = { receivedMs: 0, doneMs: 0, clientAwayAtMs: null };
    return (this.#storage.get('progress') as Progress | undefined) ?? none;
  }

  change(progress: Partial<Progress>): void {
    this.#storage.put('progress', { ...this.progress, ...progress });
  }
}
