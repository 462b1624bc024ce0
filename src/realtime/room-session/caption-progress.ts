import type { EventLookup } from '../room-store/index.ts';

interface CaptionSegment {
  version: number;
  final: boolean;
}

/** Segments in memory while the room is awake; a final one is also found in the log. */
const MAX_REMEMBERED_SEGMENTS = 500;

/** The last version of each caption segment. */
export class CaptionProgress {
  readonly #lookup: EventLookup;
  readonly #segments = new Map<string, CaptionSegment>();

  constructor(lookup: EventLookup) {
    this.#lookup = lookup;
  }

  progressOf(segmentId: string): CaptionSegment {
    const remembered = this.#segments.get(segmentId);
    return remembered ?? { version: 0, final: this.#lookup.hasFinalCaption(segmentId) };
  }

  record(segmentId: string, segment: CaptionSegment): void {
    this.#segments.delete(segmentId);
    this.#segments.set(segmentId, segment);
    if (this.#segments.size > MAX_REMEMBERED_SEGMENTS)
      this.#segments.delete(this.#segments.keys().next().value!);
  }
}
