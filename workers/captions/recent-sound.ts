import { type Chunk, endOf } from './sound.rules.ts';

/** Sound that can be sent again. */
export const KEPT_MS = 15_000;

export interface Interval {
  startMs: number;
  endMs: number;
}

/** The last seconds of a speaker's sound, to be sent again after a stream was lost. */
export class RecentSound {
  #chunks: Chunk[] = [];
  /** Speech that is gone and was never transcribed. */
  #lost: Interval | null = null;

  add(chunk: Chunk, doneMs: number): void {
    this.#chunks.push(chunk);
    const keptFromMs = endOf(chunk) - KEPT_MS;
    while (this.#chunks[0] && endOf(this.#chunks[0]) <= keptFromMs) {
      const gone = this.#chunks.shift()!;
      if (gone.isLoud && endOf(gone) > doneMs) this.#lose(Math.max(gone.atMs, doneMs), endOf(gone));
    }
  }

  #lose(startMs: number, endMs: number): void {
    this.#lost = { startMs: this.#lost?.startMs ?? startMs, endMs };
  }

  /** Sound that has not been transcribed yet. */
  since(doneMs: number): readonly Chunk[] {
    return this.#chunks.filter((chunk) => endOf(chunk) > doneMs);
  }

  /** Drops sound that has not been transcribed. */
  giveUp(doneMs: number): void {
    for (const chunk of this.since(doneMs))
      if (chunk.isLoud) this.#lose(Math.max(chunk.atMs, doneMs), endOf(chunk));
    this.#chunks = [];
  }

  /** Sound that was lost since the last call. */
  takeLost(): Interval | null {
    const lost = this.#lost;
    this.#lost = null;
    return lost;
  }
}
