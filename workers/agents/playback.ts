/** 24 kHz, mono. */
export const RATE = 24_000;
/** Samples of one frame. */
export const FRAME = RATE / 50;
const FRAME_MS = 20;

/** Where the frames go: a track of the call. */
export interface Sink {
  /** Takes a frame, and waits while too much is waiting to be sent. */
  capture(frame: Int16Array): Promise<void>;
  /** Throws away what waits to be sent. */
  clear(): void;
  /** Milliseconds of sound that wait to be sent. */
  readonly queuedMs: number;
  /** Until nothing waits. */
  drained(): Promise<void>;
}

/** Sound on its way into a call: it stops at once, and continues where it stopped or is given up. */
export class Playback {
  readonly #sink: Sink;
  /** The newest frames that were given to the track; the last of them wait to be sent. */
  #given: Int16Array[] = [];
  /** Sound that was taken back from the track, and is played when the pause is over. */
  #takenBack: Int16Array[] = [];
  #pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async play(frame: Int16Array, signal: AbortSignal): Promise<void> {
    await this.#continue(signal);
    if (!signal.aborted) await this.#give(frame);
  }

  /** Silent at once; what waits to be sent is kept. */
  pause(): void {
    if (this.#pause) return;
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    this.#pause = { over, end };
    const waiting = Math.ceil(this.#sink.queuedMs / FRAME_MS);
    this.#takenBack.unshift(...this.#given.slice(Math.max(0, this.#given.length - waiting)));
    this.#given = [];
    this.#sink.clear();
  }

  resume(): void {
    const pause = this.#pause;
    this.#pause = undefined;
    pause?.end();
  }

  /** Drops everything that waits to be said. */
  clear(): void {
    this.#given = [];
    this.#takenBack = [];
    this.#sink.clear();
    this.resume();
  }

  /** Waits until all has been said. */
  async drained(signal: AbortSignal): Promise<void> {
    do {
      await this.#continue(signal);
      await this.#sink.drained();
    } while (this.#pause && !signal.aborted);
  }

  /** Waits for the end of a pause, then plays the sound that was taken back. */
  async #continue(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const frame = this.#pause ? undefined : this.#takenBack.shift();
      if (frame) await this.#give(frame);
      else if (this.#pause) await this.#pause.over;
      else return;
    }
  }

  async #give(frame: Int16Array): Promise<void> {
    this.#given.push(frame);
    if (this.#given.length > RATE / FRAME) this.#given.shift();
    await this.#sink.capture(frame);
  }
}
