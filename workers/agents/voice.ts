import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  type Room,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import type { Settings } from './settings.ts';

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
  readonly #settings: Settings;
  readonly #source = new AudioSource(RATE, 1, QUEUE_MS);

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async publish(room: Room): Promise<void> {
    const track = LocalAudioTrack.createAudioTrack('voice', this.#source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    await room.localParticipant!.publishTrack(track, options);
  }

  /** Speaks a sentence, unless it is interrupted. @returns once it was sent */
  async say(text: string, signal: AbortSignal, onFirst: () => void): Promise<void> {
    const { speechUrl, speechSecret, voice } = this.#settings;
    const response = await fetch(`${speechUrl}/v1/audio/speech`, {
      method: 'POST',
      headers: { authorization: `Bearer ${speechSecret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ input: text, response_format: 'wav', ...(voice ? { voice } : {}) }),
      signal,
    });
    if (!response.ok || !response.body)
      throw new Error(`speaking was refused with ${response.status}: ${await response.text()}`);
    let isFirst = true;
    for await (const frame of framesOf(response.body)) {
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
