/** About 250 tokens of European text: models of embeddings read 512 at most. */
const PASSAGE_WEIGHT = 800;
const OVERLAP_WEIGHT = 100;
const MAX_QUERY_WORDS = 24;

/** A character of a script without spaces is a token or more; of others four make one. */
const weightOf = (text: string): number =>
  Array.from(text).reduce((sum, char) => sum + (char.codePointAt(0)! >= 0x2e80 ? 3 : 1), 0);

const segmenters = {
  word: new Intl.Segmenter('und', { granularity: 'word' }),
  sentence: new Intl.Segmenter('und', { granularity: 'sentence' }),
};
const split = (text: string, by: keyof typeof segmenters): string[] =>
  Array.from(segmenters[by].segment(text), ({ segment }) => segment);

/** Pieces that are short enough: sentences, of a longer sentence its words, of a longer word its characters. */
function piecesOf(content: string): string[] {
  const isShort = (text: string) => weightOf(text) <= OVERLAP_WEIGHT * 3;
  return split(content, 'sentence').flatMap((sentence) =>
    isShort(sentence)
      ? [sentence]
      : split(sentence, 'word').flatMap((word) => (isShort(word) ? [word] : Array.from(word))),
  );
}

/** The last pieces of a passage, which the next one repeats, so that what spans both is found. */
function overlapOf(pieces: readonly string[]): string[] {
  let weight = 0;
  const from = pieces.findLastIndex((piece) => (weight += weightOf(piece)) > OVERLAP_WEIGHT);
  return pieces.slice(from + 1);
}

/** Divides a text into passages, at the ends of sentences where it can; a short text is one. */
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
 * The words of a text as they are searched, in any language: divided by the rules of Unicode, also where a script has no spaces, in
 * lower case, without accents. Only letters and digits, so that they need no quotes in a query.
 */
export const wordsOf = (text: string): string[] =>
  split(text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase(), 'word').flatMap(
    (segment) => segment.match(/[\p{L}\p{N}]+/gu) ?? [],
  );

/** The query that finds passages with any of the words; null for a text without a word. */
export function wordQueryOf(text: string): string | null {
  const words = [...new Set(wordsOf(text))].slice(0, MAX_QUERY_WORDS);
  return words.length === 0 ? null : words.join(' | ');
}
