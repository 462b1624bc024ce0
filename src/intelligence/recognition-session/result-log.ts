import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { RecognitionResult } from '../recognitions/index.ts';

/** This many results can be read again; a sentence takes at least a second. */
const MAX_RESULTS = 1_000;
const PREFIX = 'result/';
const keyOf = (seq: number) => `${PREFIX}${String(seq).padStart(10, '0')}`;

/** The results of a recognition, each with its number, from 1. */
export class ResultLog {
  readonly #storage: KeyValueStorage;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  get lastSeq(): number {
    return (this.#storage.get('seq') as number | undefined) ?? 0;
  }

  add(result: Omit<RecognitionResult, 'seq'>): RecognitionResult {
    const seq = this.lastSeq + 1;
    const stored = { ...result, seq } as RecognitionResult;
    this.#storage.put(keyOf(seq), stored);
    this.#storage.put('seq', seq);
    this.#storage.delete(keyOf(seq - MAX_RESULTS));
    return stored;
  }

  /** Results after a number, as far as they are stored. */
  after(seq: number): RecognitionResult[] {
    const first = Math.max(seq + 1, this.lastSeq - MAX_RESULTS + 1);
    return [...this.#storage.list({ prefix: PREFIX })]
      .map(([, value]) => value as RecognitionResult)
      .filter((result) => result.seq >= first);
  }
}
