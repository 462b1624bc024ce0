import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  type Room,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { Synthesis } from './synthesis.ts';

const RATE = 24_000;
/** Samples of one frame: 20 ms. */
const FRAME = RATE / 50;
/** So much sound waits to be sent; what was interrupted stops after it at the latest. */
const QUEUE_MS = 200;
/** Where the samples of a WAV file begin, and where it says their rate. */
const WAV_HEADER = 44;
const WAV_RATE = 24;

/** The voice of an agent in one call. */
export class Voice {
  readonly #synthesis: Synthesis;
  /** A text was taken to be spoken. */
  readonly #onSpoken: (text: string) => void;
  readonly #source = new AudioSource(RATE, 1, QUEUE_MS);

  constructor(synthesis: Synthesis, onSpoken: (text: string) => void) {
    this.#synthesis = synthesis;
    this.#onSpoken = onSpoken;
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
      if (signal.aborted) return;
      await this.#source.captureFrame(new AudioFrame(frame, RATE, 1, frame.length));
      if (isFirst) onFirst();
      isFirst = false;
    }
  }

  /** What waits is not said any more. */
  interrupt(): void {
    this.#source.clearQueue();
  }

  /** Waits until what was sent has been said. */
  drained(): Promise<void> {
    return this.#source.waitForPlayout();
  }
}

/** Sound of a WAV file in frames of the call's rate. */
async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Int16Array> {
  let bytes = Buffer.alloc(0);
  let rate = 0;
  let samples: number[] = [];
  let at = 0;
  for await (const chunk of body) {
    bytes = Buffer.concat([bytes, chunk]);
    if (rate === 0) {
      if (bytes.length < WAV_HEADER) continue;
      rate = bytes.readUInt32LE(WAV_RATE);
      bytes = bytes.subarray(WAV_HEADER);
    }
    // One sample stays for the next turn, so that there is always one to come between.
    const count = Math.floor(bytes.length / 2);
    for (; at < count - 1; at += rate / RATE) {
      const [left, share] = [Math.floor(at), at % 1];
      const [a, b] = [bytes.readInt16LE(left * 2), bytes.readInt16LE(left * 2 + 2)];
      samples.push(Math.round(a + (b - a) * share));
      if (samples.length < FRAME) continue;
      yield Int16Array.from(samples);
      samples = [];
    }
    const used = Math.min(Math.floor(at), count);
    bytes = bytes.subarray(used * 2);
    at -= used;
  }
  if (samples.length === 0) return;
  const last = new Int16Array(FRAME);
  last.set(samples);
  yield last;
}
