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

/** The text of a gap, for people. */
export const GAP_TEXT = '[…]';
const RETRY_MS = 1_000;
/** The limits of one report, as the product parses it. */
const MOST_SEGMENTS = 100;
const MOST_SENT_MS = 3_600_000;
const MOST_TRANSLATED = 1_000_000;
const MOST_WORDS = 1_000;
const MOST_CHARACTERS = 500;
/** Answers that say that the captions are over. */
const OVER = [404, 409, 410];
/** Answers that say that the report is not valid: it would be refused again. */
const REFUSED = [400, 413, 422];

/** The product counts in seconds, and takes no word that is empty. */
const inSeconds = ({ startMs, endMs, words, ...segment }: ReportedSegment) => ({
  ...segment,
  startSeconds: startMs / 1000,
  endSeconds: endMs / 1000,
  words: words
    .filter(({ text }) => text.trim() !== '')
    .slice(0, MOST_WORDS)
    .map(({ startMs: from, endMs: to, text, ...word }) => ({
      ...word,
      text: text.slice(0, MOST_CHARACTERS),
      startSeconds: from / 1000,
      endSeconds: to / 1000,
    })),
});

const asGap = (segment: ReportedSegment): ReportedSegment => ({
  ...segment,
  language: 'und',
  text: GAP_TEXT,
  isGap: true,
  words: [],
});

const nameOf = (segment: ReportedSegment | undefined): string =>
  segment ? `${segment.isGap ? 'the gap' : 'the segment'} ${segment.position}` : 'use';

interface Use {
  sentMs: number;
  translatedCharacters: number;
}

const NO_USE: Use = { sentMs: 0, translatedCharacters: 0 };

/**
 * Reports captions and use to the product, in order, and repeats each report until the product has it. What the product refuses as invalid
 * is not repeated: the rest of the report is sent without it.
 */
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
    )
      await this.#report(this.#segments.splice(0, MOST_SEGMENTS), this.#takeUse());
  }

  #takeUse(): Use {
    const sentMs = Math.min(Math.round(this.#sentMs), MOST_SENT_MS);
    const translatedCharacters = Math.min(this.#translatedCharacters, MOST_TRANSLATED);
    this.#sentMs = Math.max(0, this.#sentMs - sentMs);
    this.#translatedCharacters -= translatedCharacters;
    return { sentMs, translatedCharacters };
  }

  /** Sends a report; one that is refused in halves, so that an invalid segment costs no other one. */
  async #report(segments: readonly ReportedSegment[], use: Use): Promise<void> {
    const status = await this.#deliver({
      report: `${this.#run}.${++this.#number}`,
      segments: segments.map(inSeconds),
      sentSeconds: use.sentMs / 1000,
      translatedCharacters: use.translatedCharacters,
    });
    if (!REFUSED.includes(status)) return;
    if (segments.length > 1) {
      const half = Math.ceil(segments.length / 2);
      await this.#report(segments.slice(0, half), use);
      return this.#report(segments.slice(half), NO_USE);
    }
    const [segment] = segments;
    console.error(`a report of ${nameOf(segment)} was refused: ${status}`);
    if (segment) await this.#report(segment.isGap ? [] : [asGap(segment)], use);
  }

  /** @returns the answer of the product; 0 when the captions are over */
  async #deliver(body: object): Promise<number> {
    while (!this.#isOver) {
      const status = await this.#post(body);
      if ((status >= 200 && status < 300) || REFUSED.includes(status)) return status;
      if (OVER.includes(status)) {
        this.#isOver = true;
        this.#onOver();
        return 0;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_MS);
      });
    }
    return 0;
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
