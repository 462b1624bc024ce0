import type { Interval } from './recent-sound.ts';
import type { SpeechMessage } from './speech-stream.ts';

export interface Word {
  text: string;
  startMs: number;
  endMs: number;
  confidence: number | null;
}

interface SegmentText extends Interval {
  segmentId: string;
  version: number;
  text: string;
  language: string;
}

export type SpeakerEvent =
  | ({ type: 'partial' } & SegmentText)
  | ({ type: 'final'; words: Word[] } & SegmentText)
  /** Speech that nothing wrote down. */
  | ({ type: 'gap'; segmentId: string } & Interval);

const toMs = (seconds: number) => Math.round(seconds * 1000);

/**
 * The captions of one speaker's sound, over all of its streams: versions rise, finals come in order and once. What a new stream repeats
 * of what is final already is left out, by its time.
 */
export class Segments {
  /** The moment of the call up to which everything is final, lost, or silent. */
  doneMs = 0;
  readonly #prefix: string;
  readonly #onEvent: (event: SpeakerEvent) => void;
  #language: string;
  #number = 0;
  #version = 0;

  /** @param prefix begins the names of segments */
  constructor(prefix: string, language: string | null, onEvent: (event: SpeakerEvent) => void) {
    this.#prefix = prefix;
    this.#language = language ?? 'und';
    this.#onEvent = onEvent;
  }

  markGap({ startMs, endMs }: Interval): void {
    const fromMs = Math.max(startMs, this.doneMs);
    if (endMs <= fromMs) return;
    this.doneMs = endMs;
    this.#onEvent({ type: 'gap', segmentId: this.#endSegment(), startMs: fromMs, endMs });
  }

  receive(message: SpeechMessage): void {
    this.#language = message.language ?? this.#language;
    if (message.type === 'partial') this.#receivePartial(message);
    if (message.type === 'final') this.#receiveFinal(message);
    if (message.type === 'gap')
      this.markGap({ startMs: toMs(message.start ?? 0), endMs: toMs(message.end ?? 0) });
  }

  #segmentId(): string {
    return `${this.#prefix}${this.#number}`;
  }

  #endSegment(): string {
    const segmentId = this.#segmentId();
    this.#number++;
    this.#version = 0;
    return segmentId;
  }

  #receivePartial({ text = '', start = 0, end = start }: SpeechMessage): void {
    if (text.trim() === '' || toMs(end) < this.doneMs) return;
    this.#onEvent({
      type: 'partial',
      segmentId: this.#segmentId(),
      version: ++this.#version,
      text: text.trim(),
      language: this.#language,
      startMs: toMs(start),
      endMs: Math.max(toMs(end), toMs(start)),
    });
  }

  #receiveFinal({ text = '', start = 0, end = 0, words = [] }: SpeechMessage): void {
    if (toMs(end) <= this.doneMs) return;
    const fresh = words.filter((word) => toMs((word.start + word.end) / 2) >= this.doneMs);
    const spoken = fresh.length === words.length ? text.trim() : fresh.map(({ word }) => word).join(' ');
    const startMs = Math.max(toMs(start), this.doneMs);
    const endMs = Math.max(toMs(end), ...fresh.map((word) => toMs(word.end)), startMs);
    this.doneMs = endMs;
    if (spoken === '') return;
    const version = this.#version + 1;
    this.#onEvent({
      type: 'final',
      segmentId: this.#endSegment(),
      version,
      text: spoken,
      language: this.#language,
      startMs,
      endMs,
      words: fresh.map((word) => ({
        text: word.word,
        startMs: toMs(word.start),
        endMs: toMs(word.end),
        confidence: word.probability ?? null,
      })),
    });
  }
}
