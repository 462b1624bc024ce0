import type { EventLookup } from './event-lookup.ts';

interface CaptionSegment {
  version: number;
  final: boolean;
}

/** Segments in memory while the room is awake; a final one is also found in the log. */
const MAX_REMEMBERED_SEGMENTS = 500;

const keyOf = (agent: string, segmentId: string): string => `${agent} ${segmentId}`;

/** The last version of each caption segment. Agents name their segments by themselves, so a segment is its agent's. */
export class CaptionProgress {
  readonly #lookup: EventLookup;
  readonly #segments = new Map<string, CaptionSegment>();

  constructor(lookup: EventLookup) {
    this.#lookup = lookup;
  }

  progressOf(agent: string, segmentId: string): CaptionSegment {
    const remembered = this.#segments.get(keyOf(agent, segmentId));
    return remembered ?? { version: 0, final: this.#lookup.hasFinalCaption(agent, segmentId) };
  }

  record(agent: string, segmentId: string, segment: CaptionSegment): void {
    const key = keyOf(agent, segmentId);
    this.#segments.delete(key);
    this.#segments.set(key, segment);
    if (this.#segments.size > MAX_REMEMBERED_SEGMENTS)
      this.#segments.delete(this.#segments.keys().next().value!);
  }
}
