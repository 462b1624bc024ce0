import type { Word } from './segments.ts';

/** A caption as the product keeps it. */
export interface ReportedSegment {
  position: number;
  speaker: string;
  language: string;
  text: string;
  startMs: number;
  endMs: number;
  isGap: boolean;
  words: Word[];
}

export interface ReportAccess {
  url: string;
  token: string;
}

const RETRY_MS = 1_000;
const MOST_SEGMENTS = 100;
/** Answers that say that the captions are over. */
const OVER = [404, 409, 410];

/** The product counts in seconds. */
const inSeconds = ({ startMs, endMs, words, ...segment }: ReportedSegment) => ({
  ...segment,
  startSeconds: startMs / 1000,
  endSeconds: endMs / 1000,
  words: words.map(({ startMs: from, endMs: to, ...word }) => ({
    ...word,
    startSeconds: from / 1000,
    endSeconds: to / 1000,
  })),
});

/** Reports captions and use to the product, in order, and repeats each report until the product has it. */
export class Reports {
  readonly #run: string;
  readonly #onOver: () => void;
  #access: ReportAccess;
  #segments: ReportedSegment[] = [];
  #sentMs = 0;
  #translatedCharacters = 0;
  #number = 0;
  #sending: Promise<void> | null = null;
  #isOver = false;

  /** @param run names this run of the process, whose reports are numbered */
  constructor(access: ReportAccess, run: string, onOver: () => void) {
    this.#access = access;
    this.#run = run;
    this.#onOver = onOver;
  }

  renew(access: ReportAccess): void {
    this.#access = access;
  }

  add(segment: ReportedSegment): void {
    this.#segments.push(segment);
  }

  count({ sentMs = 0, translatedCharacters = 0 }: { sentMs?: number; translatedCharacters?: number }): void {
    this.#sentMs += sentMs;
    this.#translatedCharacters += translatedCharacters;
  }

  /** Sends the waiting reports, after the one that is being sent. */
  flush(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #send(): Promise<void> {
    while (
      !this.#isOver &&
      (this.#segments.length > 0 || this.#sentMs >= 1 || this.#translatedCharacters > 0)
    ) {
      const segments = this.#segments.splice(0, MOST_SEGMENTS);
      const sentMs = Math.round(this.#sentMs);
      const translatedCharacters = this.#translatedCharacters;
      this.#sentMs = 0;
      this.#translatedCharacters = 0;
      const report = `${this.#run}.${++this.#number}`;
      await this.#deliver({
        report,
        segments: segments.map(inSeconds),
        sentSeconds: sentMs / 1000,
        translatedCharacters,
      });
    }
  }

  async #deliver(body: object): Promise<void> {
    while (!this.#isOver) {
      const status = await this.#post(body);
      if (status >= 200 && status < 300) return;
      if (OVER.includes(status)) {
        this.#isOver = true;
        return this.#onOver();
      }
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_MS);
      });
    }
  }

  async #post(body: object): Promise<number> {
    const { url, token } = this.#access;
    try {
      const { status } = await fetch(url, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      });
      return status;
    } catch {
      return 0; // The product is away: the report is sent again.
    }
  }

  /** Drops reports that were not delivered. */
  end(): void {
    this.#isOver = true;
  }
}
