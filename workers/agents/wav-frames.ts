import { FRAME, RATE } from './playback.ts';

/** Where the samples of a WAV file begin, and where it says their rate. */
const WAV_HEADER = 44;
const WAV_RATE = 24;
/** Voices begin with a silence, which nobody waits for: frames that are softer than this, of 16-bit samples. */
const SILENT = 200;

/** Sound of a WAV file in frames of the call's rate, from its first sound on. */
export async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Int16Array> {
  let isSounding = false;
  for await (const frame of resampled(body)) {
    isSounding ||= frame.some((value) => Math.abs(value) >= SILENT);
    if (isSounding) yield frame;
  }
}

async function* resampled(body: ReadableStream<Uint8Array>): AsyncGenerator<Int16Array> {
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
