import type { EventMemory } from './event-memory.ts';

interface Segment {
  version: number;
  final: boolean;
}

/** Segments remembered while the room is awake; a final one is found in the log whenever. */
const REMEMBERED = 500;

/** How far the captions of each segment have come. */
export class Captions {
  readonly #memory: EventMemory;
  readonly #segments = new Map<string, Segment>();

  constructor(memory: EventMemory) {
    this.#memory = memory;
  }

  known(segmentId: string): Segment {
    const known = this.#segments.get(segmentId);
    return known ?? { version: 0, final: this.#memory.hasFinalCaption(segmentId) };
  }

  note(segmentId: string, segment: Segment): void {
    this.#segments.delete(segmentId);
    this.#segments.set(segmentId, segment);
    if (this.#segments.size > REMEMBERED) this.#segments.delete(this.#segments.keys().next().value!);
  }
}
