export const SAMPLE_RATE = 48_000;
export const CHANNELS = 2;
/** Samples of each channel that are mixed at a time: 20 ms. */
export const BLOCK_SAMPLES = 960;

const BLOCK_VALUES = BLOCK_SAMPLES * CHANNELS;
/** A voice waits until so much has come, so that packets that come late leave no gap: 60 ms. */
const READY_VALUES = 3 * BLOCK_VALUES;
/** More than that is dropped, so that sound does not fall behind the picture: 300 ms. */
const MAX_VALUES = 15 * BLOCK_VALUES;

/** The sound of one track that is not mixed yet. */
class Voice {
  #values = new Int16Array(MAX_VALUES);
  #count = 0;
  #isReady = false;

  push(values: Int16Array): void {
    const newest = values.subarray(Math.max(0, values.length - MAX_VALUES));
    const excess = Math.max(0, this.#count + newest.length - MAX_VALUES);
    if (excess > 0) this.#drop(excess);
    this.#values.set(newest, this.#count);
    this.#count += newest.length;
    this.#isReady ||= this.#count >= READY_VALUES;
  }

  /** Adds the next block to a sum; silence while there is none. */
  addTo(sum: Int32Array): void {
    if (!this.#isReady) return;
    if (this.#count < BLOCK_VALUES) {
      this.#isReady = false;
      return;
    }
    for (let index = 0; index < BLOCK_VALUES; index++) sum[index]! += this.#values[index]!;
    this.#drop(BLOCK_VALUES);
  }

  #drop(count: number): void {
    this.#values.copyWithin(0, count, this.#count);
    this.#count -= count;
  }
}

/** Adds up the sound of all tracks: 16 bits, both channels in turn. */
export class AudioMixer {
  readonly #voices = new Map<string, Voice>();
  readonly #sum = new Int32Array(BLOCK_VALUES);

  add(track: string): void {
    this.#voices.set(track, new Voice());
  }

  remove(track: string): void {
    this.#voices.delete(track);
  }

  push(track: string, values: Int16Array): void {
    this.#voices.get(track)?.push(values);
  }

  /** The next 20 ms. */
  mix(): Int16Array {
    this.#sum.fill(0);
    for (const voice of this.#voices.values()) voice.addTo(this.#sum);
    const block = new Int16Array(BLOCK_VALUES);
    for (let index = 0; index < BLOCK_VALUES; index++)
      block[index] = Math.max(-32_768, Math.min(32_767, this.#sum[index]!));
    return block;
  }
}
