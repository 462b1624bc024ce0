/** Sound as the speech service takes it: 16-bit, mono. */
export const SAMPLE_RATE = 16_000;
const SAMPLES_PER_MS = SAMPLE_RATE / 1000;

/** Sound below this is no speech: about -36 dB. */
const SPEECH_LEVEL = 500;

export const durationMs = ({ length }: Int16Array): number => length / SAMPLES_PER_MS;

/** Whether somebody may be speaking. It only decides which sound is examined; the service says what was said. */
export function isLoud(samples: Int16Array): boolean {
  if (samples.length === 0) return false;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length) >= SPEECH_LEVEL;
}

export interface Chunk {
  samples: Int16Array;
  /** Milliseconds of the call at which it begins. */
  atMs: number;
  isLoud: boolean;
}

export const endOf = ({ samples, atMs }: Chunk): number => atMs + durationMs(samples);

/** Silence of this many milliseconds, in parts of a second. */
export function* silenceOf(milliseconds: number): Generator<Int16Array> {
  for (let left = Math.round(milliseconds); left > 0; left -= 1_000)
    yield new Int16Array(Math.min(left, 1_000) * SAMPLES_PER_MS);
}
