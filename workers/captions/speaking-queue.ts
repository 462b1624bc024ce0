/** A translation whose words were finished longer ago than this is not spoken: the voice would fall behind without end. */
export const MOST_BEHIND_MS = 15_000;
/** A sentence, however long, has been said after this time. */
const LONGEST_MS = 60_000;

interface Sentence {
  text: string;
  /** When its words were finished, as `now` counts. */
  saidAtMs: number;
}

export type SkipReason = 'late' | 'failed';

export interface SpeakingHooks {
  now(): number;
  /** Speaks; resolves when it was said, or broken off. @throws Error when it could not be */
  speak(text: string, signal: AbortSignal): Promise<void>;
  onSkipped(reason: SkipReason): void;
}

/** The translations that one voice speaks, one after another. */
export class SpeakingQueue {
  readonly #hooks: SpeakingHooks;
  #waiting: Sentence[] = [];
  #isSpeaking = false;
  #current: AbortController | null = null;

  constructor(hooks: SpeakingHooks) {
    this.#hooks = hooks;
  }

  add(sentence: Sentence): void {
    this.#waiting.push(sentence);
    if (!this.#isSpeaking) void this.#sayAll();
  }

  /** Drops what waits, and breaks off what is being said: there are no listeners any more. */
  clear(): void {
    this.#waiting = [];
    this.#current?.abort();
  }

  async #sayAll(): Promise<void> {
    this.#isSpeaking = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await this.#say(next);
    this.#isSpeaking = false;
  }

  async #say({ text, saidAtMs }: Sentence): Promise<void> {
    const { now, speak, onSkipped } = this.#hooks;
    if (now() - saidAtMs > MOST_BEHIND_MS) return onSkipped('late');
    const current = new AbortController();
    this.#current = current;
    try {
      await speak(text, AbortSignal.any([current.signal, AbortSignal.timeout(LONGEST_MS)]));
    } catch {
      if (!current.signal.aborted) onSkipped('failed');
    } finally {
      this.#current = null;
    }
  }
}
