import { setTimeout as sleep } from 'node:timers/promises';

/** Frames of one session in a second; twice that at once. */
const RATE = 240;
const BURST = 480;

/** Slows a session down that sends more frames than media has, so that those of others are not held up by it. */
export class Pace {
  #tokens = BURST;
  #at = performance.now();

  async wait(): Promise<void> {
    const now = performance.now();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#at) * RATE) / 1_000) - 1;
    this.#at = now;
    if (this.#tokens < 0) await sleep((-this.#tokens * 1_000) / RATE);
  }
}
