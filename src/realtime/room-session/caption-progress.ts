import type { EventLookup } from '../room-store/index.ts';

interface CaptionSegment {
  version: number;
  final: boolean;
}

/** Segments remembered while the room is awake; a final one is found in the log whenever. */
const MAX_REMEMBERED_SEGMENTS = 500;

/** How far the captions of each segment have come. */
export class CaptionProgress {
  readonly #memory: EventLookup;
  readonly #segments = new Map<string, CaptionSegment>();

  constructor(memory: EventLookup) {
    this.#memory = memory;
  }

  progressOf(segmentId: string): CaptionSegment {
    const remembered = this.#segments.get(segmentId);
    return remembered ?? { version: 0, final: this.#memory.hasFinalCaption(segmentId) };
  }

  record(segmentId: string, segment: CaptionSegment): void {
    this.#segments.delete(segmentId);
    this.#segments.set(segmentId, segment);
    if (this.#segments.size > MAX_REMEMBERED_SEGMENTS)
      this.#segments.delete(this.#segments.keys().next().value!);
  }
}
