import type { Segment } from '../transcripts/index.ts';
import { normalize, type SummaryContent } from './claims.rules.ts';

type Said = Pick<Segment, 'position' | 'startMs' | 'text'>;

/** An extractive summary has one sentence for this many segments, within limits. */
const SEGMENTS_FOR_ONE = 12;
const LEAST = 3;
const MOST = 12;
/** Shorter ones are answers such as "yes, exactly". */
const LEAST_WORDS = 5;
/** When two sentences share a larger part of their words, one is enough. */
const MOST_SHARED = 0.5;

interface Weighed {
  segment: Said;
  words: ReadonlySet<string>;
  weight: number;
}

/** The number of segments with each word. */
function countWords(sets: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of sets) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * The weight of a segment is the mean of its words. A word weighs most when a few segments share it: words in one
 * segment alone are chance, words in most are grammar.
 */
function weigh(segments: readonly Said[]): Weighed[] {
  const sets = segments.map(({ text }) => new Set(normalize(text).split(' ')));
  const counts = countWords(sets);
  const weightOf = (word: string) => {
    const count = counts.get(word)!;
    return count < 2 ? 0 : Math.log(count) * Math.log(segments.length / count + 1);
  };
  return segments.flatMap((segment, each) => {
    const words = sets[each]!;
    if (words.size < LEAST_WORDS) return [];
    let sum = 0;
    for (const word of words) sum += weightOf(word);
    return [{ segment, words, weight: sum / Math.sqrt(words.size) }];
  });
}

function sharedBy(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return shared / Math.min(a.size, b.size);
}

/** The segments that best represent the others, in the order of time; they are quoted unchanged. */
export function extract(segments: readonly Said[]): SummaryContent {
  const wanted = Math.min(MOST, Math.max(LEAST, Math.ceil(segments.length / SEGMENTS_FOR_ONE)));
  const chosen: Weighed[] = [];
  for (const each of weigh(segments).toSorted((a, b) => b.weight - a.weight)) {
    if (chosen.length === wanted) break;
    if (chosen.every(({ words }) => sharedBy(words, each.words) <= MOST_SHARED)) chosen.push(each);
  }
  const picked = chosen.length > 0 ? chosen.map(({ segment }) => segment) : segments.slice(0, LEAST);
  return {
    overview: picked
      .toSorted((a, b) => a.position - b.position)
      .map(({ position, startMs, text }) => ({ text, citations: [{ position, startMs, quote: text }] })),
    decisions: [],
    actionItems: [],
    openQuestions: [],
    chapters: [],
  };
}
