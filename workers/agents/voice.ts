import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  type Room,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { FRAME, Playback, RATE } from './playback.ts';
import type { Synthesis } from './synthesis.ts';
import { framesOf } from './wav-frames.ts';

/** Sound that waits to be sent: enough for a process that is late by that much. */
const QUEUE_MS = 200;

/** The voice of an agent in one call. */
export class Voice {
  readonly #synthesis: Synthesis;
  /** A text was taken to be spoken. */
  readonly #onSpoken: (text: string) => void;
  readonly #source = new AudioSource(RATE, 1, QUEUE_MS);
  readonly #playback: Playback;

  constructor(synthesis: Synthesis, onSpoken: (text: string) => void) {
    this.#synthesis = synthesis;
    this.#onSpoken = onSpoken;
    const source = this.#source;
    this.#playback = new Playback({
      capture: (frame) => source.captureFrame(new AudioFrame(frame, RATE, 1, FRAME)),
      clear: () => source.clearQueue(),
      get queuedMs() {
        return source.queuedDuration;
      },
      drained: () => source.waitForPlayout(),
    });
  }

  async publish(room: Room): Promise<void> {
    const track = LocalAudioTrack.createAudioTrack('voice', this.#source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    await room.localParticipant!.publishTrack(track, options);
  }

  /** The sound of a sentence, as it comes. @throws Error when it is refused */
  async synthesize(text: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const sound = await this.#synthesis.speak(text, signal);
    this.#onSpoken(text);
    return sound;
  }

  /** Plays sound, unless it is interrupted. @returns once it was sent */
  async play(sound: ReadableStream<Uint8Array>, signal: AbortSignal, onFirst: () => void): Promise<void> {
    let isFirst = true;
    for await (const frame of framesOf(sound)) {
      await this.#playback.play(frame, signal);
      if (signal.aborted) return;
      if (isFirst) onFirst();
      isFirst = false;
    }
  }

  /** Silent at once, until it is resumed or interrupted. */
  pause(): void {
    this.#playback.pause();
  }

  resume(): void {
    this.#playback.resume();
  }

  /** Drops everything that waits to be said. */
  interrupt(): void {
    this.#playback.clear();
  }

  /** Waits until all sound that was sent has been played. */
  drained(signal: AbortSignal): Promise<void> {
    return this.#playback.drained(signal);
  }
}
