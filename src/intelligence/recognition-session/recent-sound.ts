/** Sound that may have to be sent again: a sentence lasts 15 s at most, and its words may take a while. */
const KEPT_MS = 30_000;

/** A message with sound, and where it is in the stream. */
export interface SoundChunk {
  sound: Uint8Array;
  atMs: number;
  endMs: number;
  /** When the present line got it; absent before. */
  sentAtMs?: number;
}

/** The sound that has no result yet, in order. */
export class RecentSound {
  #chunks: SoundChunk[] = [];

  add(chunk: SoundChunk): void {
    this.#chunks.push(chunk);
  }

  /** Forgets sound that ends before a moment. */
  forgetUntil(atMs: number): void {
    this.#chunks = this.#chunks.filter(({ endMs }) => endMs > atMs);
  }

  /** Forgets sound that is too old to be sent again. @returns the end of what was forgotten; null for nothing */
  forgetOld(nowMs: number): number | null {
    const old = this.#chunks.filter(({ endMs }) => nowMs - endMs > KEPT_MS);
    if (old.length === 0) return null;
    this.#chunks = this.#chunks.slice(old.length);
    return old.at(-1)!.endMs;
  }

  /** Forgets sound that the present line has had for a long time without a result: it was silence. */
  forgetSilence(sentBeforeMs: number): void {
    this.#chunks = this.#chunks.filter(({ sentAtMs = Infinity }) => sentAtMs > sentBeforeMs);
  }

  /** Marks all sound as unsent, because another line has none of it. */
  markUnsent(): void {
    for (const chunk of this.#chunks) delete chunk.sentAtMs;
  }

  since(atMs: number): readonly SoundChunk[] {
    let from = this.#chunks.length;
    while (from > 0 && this.#chunks[from - 1]!.atMs >= atMs) from--;
    return this.#chunks.slice(from);
  }

  get firstMs(): number | null {
    return this.#chunks[0]?.atMs ?? null;
  }
}
