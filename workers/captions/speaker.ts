import { KEPT_MS, RecentSound } from './recent-sound.ts';
import { Segments, type SpeakerEvent } from './segments.ts';
import { type Chunk, durationMs, endOf, isLoud, silenceOf } from './sound.rules.ts';
import type { OpenStream, SpeechMessage, SpeechStream } from './speech-stream.ts';

/** When speech has no answer for this long, the stream counts as dead: such sockets often die silently. */
const SILENT_MS = 2_500;
/** While nothing answers at all, the service may just be slow: it is given more and more time. */
const MOST_SILENT_MS = 20_000;
/** Speech of this length must get an answer; less may be a cough, and the stream is only asked whether it lives. */
const SURELY_SPEECH_MS = 1_500;
const RETRY_MS = [0, 250, 500, 1_000] as const;
/** A hole in the sound, as of a muted microphone; smaller ones are differences of clocks. */
const HOLE_MS = 800;
/** A speaker who has been quiet for this long gives up the stream, of which a service has few. */
const IDLE_MS = 15_000;
/** After this long without sound, the sentence is over. */
const QUIET_MS = 400;

export interface SpeakerOptions {
  /** Providers of the same stream: the next one is asked when one fails. */
  streams: readonly OpenStream[];
  language: string | null;
  /** Begins the names of segments: unique in the room. */
  prefix: string;
  now(): number;
  onEvent(event: SpeakerEvent): void;
  /** Sound that was sent to a provider. */
  onSent?(milliseconds: number): void;
}

/**
 * The captions of one speaker. It opens a stream when there is sound, and another one when that dies: all sound without
 * a final caption is sent again, so that nothing is missing and nothing comes twice. Sound that cannot be sent again
 * becomes a gap. `tick` is called a few times a second.
 */
export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #recent = new RecentSound();
  readonly #segments: Segments;
  #stream: SpeechStream | null = null;
  /** The moment of the call up to which the stream has sound. */
  #sentMs = 0;
  #endMs = 0;
  #attempts = 0;
  #retryAtMs = 0;
  #patienceMs = SILENT_MS;
  /** In real time: since when speech waits for an answer, and how much of it; null while none does. */
  #waiting: { sinceMs: number; loudMs: number } | null = null;
  #lastSoundAtMs = 0;
  #lastLoudAtMs = 0;
  /** Whether the stream was asked to finish, and up to which moment of the call. */
  #asked: { atMs: number; upToMs: number } | null = null;

  constructor(options: SpeakerOptions) {
    this.#options = options;
    this.#segments = new Segments(options.prefix, options.language, options.onEvent);
  }

  /** Takes the sound of a moment of the call. */
  push(samples: Int16Array, atMs: number): void {
    const now = this.#options.now();
    const holeMs = this.#endMs === 0 ? 0 : atMs - this.#endMs;
    if (holeMs > KEPT_MS) this.#startAgain();
    const isAfter = this.#endMs === 0 || holeMs > HOLE_MS;
    const chunk: Chunk = { samples, atMs: isAfter ? atMs : this.#endMs, isLoud: isLoud(samples) };
    this.#endMs = endOf(chunk);
    this.#lastSoundAtMs = now;
    if (chunk.isLoud) this.#wait(now, durationMs(samples));
    this.#recent.add(chunk, this.#segments.doneMs);
    if (this.#stream) this.#send(this.#stream, chunk);
    else this.#openIfNeeded();
  }

  /** Looks for a stream that died without a word, and opens another one when it is time. */
  tick(): void {
    const now = this.#options.now();
    if (this.#stream && this.#waiting) {
      const waitedMs = now - this.#waiting.sinceMs;
      const isUnanswered = this.#asked !== null && now - this.#asked.atMs > this.#patienceMs;
      if (isUnanswered || (waitedMs > this.#patienceMs && this.#waiting.loudMs >= SURELY_SPEECH_MS)) {
        this.#patienceMs = Math.min(2 * this.#patienceMs, MOST_SILENT_MS);
        this.#stream.close();
        this.#lose();
      } else if (now - Math.max(this.#lastLoudAtMs, this.#waiting.sinceMs) > 2 * QUIET_MS) this.finish();
      else if (now - this.#lastSoundAtMs > QUIET_MS) this.finish();
    }
    if (this.#stream && !this.#waiting && now - this.#lastLoudAtMs > IDLE_MS) {
      this.#stream.close();
      this.#stream = null;
      this.#asked = null;
    }
    if (!this.#stream) this.#openIfNeeded();
  }

  /** Asks for the caption of the words until now. */
  finish(): void {
    if (!this.#stream || this.#asked) return;
    this.#asked = { atMs: this.#options.now(), upToMs: this.#sentMs };
    this.#stream.finalize();
  }

  close(): void {
    this.#startAgain();
    this.#markLost();
  }

  #wait(now: number, loudMs: number): void {
    this.#lastLoudAtMs = now;
    this.#waiting ??= { sinceMs: now, loudMs: 0 };
    this.#waiting.loudMs += loudMs;
  }

  #answered(): void {
    this.#waiting = null;
    this.#attempts = 0;
    this.#patienceMs = SILENT_MS;
  }

  /** The stream lives and is busy: so what waits for it waits again from now on, and it is not taken for dead. */
  #waitOn(): void {
    const now = this.#options.now();
    if (this.#waiting) this.#waiting = { ...this.#waiting, sinceMs: now };
    if (this.#asked) this.#asked = { ...this.#asked, atMs: now };
  }

  #startAgain(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#asked = null;
    this.#waiting = null;
    this.#recent.giveUp(this.#segments.doneMs);
  }

  #send(stream: SpeechStream, { samples, atMs }: Chunk): void {
    for (const silence of silenceOf(atMs - this.#sentMs)) stream.send(silence);
    stream.send(samples);
    this.#sentMs = atMs + durationMs(samples);
    this.#options.onSent?.(durationMs(samples));
  }

  #openIfNeeded(): void {
    const { streams, language, now } = this.#options;
    const chunks = this.#recent.since(this.#segments.doneMs);
    const first = chunks.findIndex(({ isLoud: loud }) => loud);
    if (first < 0 || now() < this.#retryAtMs) return;
    this.#markLost();
    // Some sound from before, because words begin quietly.
    const sent = chunks.slice(Math.max(0, first - 10));
    const stream: SpeechStream = streams[this.#attempts % streams.length]!(
      { offsetSeconds: sent[0]!.atMs / 1000, language },
      {
        onMessage: (message) => stream === this.#stream && this.#receive(message),
        onClosed: () => stream === this.#stream && this.#lose(),
      },
    );
    this.#stream = stream;
    this.#sentMs = sent[0]!.atMs;
    this.#asked = null;
    this.#waiting = { sinceMs: now(), loudMs: 0 };
    for (const chunk of sent) {
      if (chunk.isLoud) this.#wait(now(), durationMs(chunk.samples));
      this.#send(stream, chunk);
    }
  }

  /** The stream is gone. The next one is opened at once, and then more and more slowly. */
  #lose(): void {
    this.#stream = null;
    this.#asked = null;
    this.#retryAtMs = this.#options.now() + RETRY_MS[Math.min(this.#attempts, RETRY_MS.length - 1)]!;
    this.#attempts++;
  }

  #markLost(): void {
    const lost = this.#recent.takeLost();
    if (lost) this.#segments.markGap(lost);
  }

  #receive(message: SpeechMessage): void {
    if (message.type === 'started') return;
    if (message.type === 'working') return this.#waitOn();
    this.#answered();
    if (message.type !== 'finalized') return this.#segments.receive(message);
    this.#segments.doneMs = Math.max(this.#segments.doneMs, this.#asked?.upToMs ?? 0);
    this.#asked = null;
  }
}
