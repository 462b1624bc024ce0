import type { ProviderFailure, SpeechEvent, SpeechListener, SpeechSession } from '../providers/index.ts';
import { RecentSound, type SoundChunk } from './recent-sound.ts';

export interface LineOptions {
  open(offsetMs: number, listener: SpeechListener): SpeechSession;
  nowMs(): number;
  startTimer(ms: number, run: () => void): () => void;
  /** The end of the last result, where a new line begins. */
  doneMs(): number;
  onEvent(event: SpeechEvent): void;
  /** Sound without a result that cannot be sent again. */
  onLost(startMs: number, endMs: number): void;
  onFailed(failure: ProviderFailure): void;
}

/** Pauses between a failed line and the next. */
const RETRY_MS = [0, 250, 500, 1_000, 2_000] as const;
/** A sentence lasts 15 s at most, and its words come some seconds later. */
const ANSWER_MS = 25_000;
/** Interval of checks for sound that is too old. */
const LOOK_MS = 1_000;
/** A line that lived this long did not fail at once. */
const STABLE_MS = 5_000;

/** The connection of a recognition to the speech service, through one session after another. */
export class RecognizerLine {
  readonly #options: LineOptions;
  readonly #recent = new RecentSound();
  #session: SpeechSession | null = null;
  #openedAtMs = 0;
  /** The end of the sound that the present session has. */
  #sentMs = 0;
  /** The end of the sound that the client has sent, and of the sound that is allowed. */
  #receivedMs = 0;
  #allowedMs = 0;
  #attempts = 0;
  #stopRetry: (() => void) | null = null;
  /** Whether results of all received sound are wanted, and whether the present session was asked for them. */
  #isFinalizing = false;
  #isAsked = false;
  #lookedAtMs = 0;
  #isOver = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  add(chunk: SoundChunk): void {
    this.#receivedMs = chunk.endMs;
    this.#recent.add(chunk);
    this.#send();
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#lookedAtMs < LOOK_MS) return;
    this.#lookedAtMs = nowMs;
    this.#forgetOld();
  }

  /** Allows sound up to a moment to be sent. */
  allowUntil(atMs: number): void {
    this.#allowedMs = Math.max(this.#allowedMs, atMs);
    this.#send();
  }

  /** Asks for the results of all sound that was sent. */
  finalize(): void {
    this.#isFinalizing = true;
    this.#isAsked = false;
    this.#recent.forgetUntil(this.#options.doneMs());
    if (!this.#session && this.#recent.firstMs === null) this.#receive({ type: 'finalized' });
    else this.#send();
  }

  close(): void {
    this.#isOver = true;
    this.#stopRetry?.();
    this.#session?.close();
    this.#session = null;
  }

  /** Sound that a session has had for long without a result was silence; other sound that is too old is lost. */
  #forgetOld(): void {
    this.#recent.forgetSilence(this.#options.nowMs() - ANSWER_MS);
    const fromMs = this.#recent.firstMs;
    const endMs = this.#recent.forgetOld(this.#receivedMs);
    if (fromMs !== null && endMs !== null)
      this.#options.onLost(Math.max(this.#options.doneMs(), fromMs), endMs);
  }

  #send(): void {
    if (this.#isOver) return;
    if (!this.#session && !this.#stopRetry) this.#open();
    if (!this.#session) return;
    for (const chunk of this.#recent.since(this.#sentMs)) {
      if (chunk.atMs >= this.#allowedMs) return;
      this.#session.push(chunk.sound);
      this.#sentMs = chunk.endMs;
      chunk.sentAtMs = this.#options.nowMs();
    }
    // Not earlier: sound that still waits for its allowance or for the session would get no result.
    if (!this.#isFinalizing || this.#isAsked) return;
    this.#isAsked = true;
    this.#session.finalize();
  }

  #open(): void {
    this.#recent.forgetUntil(this.#options.doneMs());
    const offsetMs = this.#recent.firstMs;
    if (offsetMs === null || offsetMs >= this.#allowedMs) return;
    this.#openedAtMs = this.#options.nowMs();
    this.#sentMs = offsetMs;
    const session: SpeechSession = this.#options.open(offsetMs, {
      onEvent: (event) => session === this.#session && this.#receive(event),
      onEnded: (failure) => session === this.#session && this.#lose(failure),
    });
    this.#session = session;
  }

  #receive(event: SpeechEvent): void {
    if (event.type === 'finalized') this.#isFinalizing = false;
    this.#options.onEvent(event);
    this.#recent.forgetUntil(this.#options.doneMs());
  }

  #lose(failure: ProviderFailure): void {
    this.#session = null;
    this.#isAsked = false;
    this.#forgetOld();
    this.#recent.markUnsent();
    const hasLived = this.#options.nowMs() - this.#openedAtMs >= STABLE_MS;
    this.#attempts = hasLived ? 0 : this.#attempts + 1;
    const delayMs = RETRY_MS[Math.min(this.#attempts, RETRY_MS.length - 1)]!;
    this.#stopRetry = this.#options.startTimer(delayMs, () => {
      this.#stopRetry = null;
      this.#send();
    });
    this.#options.onFailed(failure);
  }
}
