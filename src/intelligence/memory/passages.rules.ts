/** About 250 tokens of European text; embedding models read at most 512. */
const PASSAGE_WEIGHT = 800;
const OVERLAP_WEIGHT = 100;
const MAX_QUERY_WORDS = 24;

/** In a script without spaces a character is at least one token; in others four characters make one. */
const weightOf = (text: string): number =>
  Array.from(text).reduce((sum, char) => sum + (char.codePointAt(0)! >= 0x2e80 ? 3 : 1), 0);

const segmenters = {
  word: new Intl.Segmenter('und', { granularity: 'word' }),
  sentence: new Intl.Segmenter('und', { granularity: 'sentence' }),
};
const split = (text: string, by: keyof typeof segmenters): string[] =>
  Array.from(segmenters[by].segment(text), ({ segment }) => segment);

/** Pieces that are short enough: sentences, or the words of a long sentence, or the characters of a long word. */
function piecesOf(content: string): string[] {
  const isShort = (text: string) => weightOf(text) <= OVERLAP_WEIGHT * 3;
  return split(content, 'sentence').flatMap((sentence) =>
    isShort(sentence)
      ? [sentence]
      : split(sentence, 'word').flatMap((word) => (isShort(word) ? [word] : Array.from(word))),
  );
}

/** The last pieces of a passage, which the next one repeats, so that text across the boundary is found. */
function overlapOf(pieces: readonly string[]): string[] {
  let weight = 0;
  const from = pieces.findLastIndex((piece) => (weight += weightOf(piece)) > OVERLAP_WEIGHT);
  return pieces.slice(from + 1);
}

/** Divides a text into passages, at the ends of sentences if possible; a short text is one passage. */
export function passagesOf(content: string): string[] {
  if (weightOf(content) <= PASSAGE_WEIGHT) return [content];
  const passages: string[] = [];
  let pieces: string[] = [];
  let weight = 0;
  for (const piece of piecesOf(content)) {
    const added = weightOf(piece);
    if (weight + added > PASSAGE_WEIGHT) {
      passages.push(pieces.join('').trim());
      pieces = overlapOf(pieces);
      weight = weightOf(pieces.join(''));
    }
    pieces.push(piece);
    weight += added;
  }
  passages.push(pieces.join('').trim());
  return passages.filter((passage) => passage !== '');
}

/**
 * The words of a text for the search, in any language: divided by the rules of Unicode, also in scripts without
 * spaces, in lower case, without accents. They have only letters and digits, so a query needs no quotes.
 */
export const wordsOf = (text: string): string[] =>
  split(text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase(), 'word').flatMap(
    (segment) => segment.match(/[\p{L}\p{N}]+/gu) ?? [],
  );

/** The query for passages with any of the words; null for a text without words. */
export function wordQueryOf(text: string): string | null {
  const words = [...new Set(wordsOf(text))].slice(0, MAX_QUERY_WORDS);
  return words.length === 0 ? null : words.join(' | ');
}
