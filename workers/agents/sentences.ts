/** The first words are spoken from here on, also when their sentence is longer. */
const SHORTEST_CLAUSE = 16;
/** A first sentence without a punctuation mark is spoken up to its last word within this many characters. */
const LONGEST_CLAUSE = 60;

/** A text that comes in pieces, as sentences that can be spoken while the rest is on its way; of the first one its first clause comes alone. */
export async function* sentencesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let isFirst = true;
  for await (const piece of pieces) {
    rest += piece;
    for (let end = endOf(rest, isFirst); end > 0; end = endOf(rest, isFirst)) {
      const sentence = speakable(rest.slice(0, end));
      rest = rest.slice(end);
      if (sentence !== '') yield sentence;
      isFirst &&= sentence === '';
    }
  }
  if (speakable(rest) !== '') yield speakable(rest);
}

/** Where the first sentence ends: at its mark, when something follows, so that `3.5` is none. */
function endOf(text: string, isFirst: boolean): number {
  const end = endAt(/[.!?…]["')\]]*\s|\n/, text, 0);
  if (!isFirst) return end;
  const ends = [end, endAt(/[,;:–—]\s/, text, SHORTEST_CLAUSE)].filter((each) => each > 0);
  const first = Math.min(...ends);
  if (first <= LONGEST_CLAUSE || text.length <= LONGEST_CLAUSE) return ends.length > 0 ? first : 0;
  const lastSpace = text.lastIndexOf(' ', LONGEST_CLAUSE);
  return lastSpace > SHORTEST_CLAUSE ? lastSpace + 1 : ends.length > 0 ? first : 0;
}

function endAt(mark: RegExp, text: string, from: number): number {
  const found = mark.exec(text.slice(from));
  return found ? from + found.index + found[0].length : 0;
}

/** Without numbers of sources and marks of lists, which no voice reads. */
const speakable = (text: string): string =>
  text
    .replaceAll(/\[\d+\]/g, '')
    .replaceAll(/[*#`_]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** A text that is there as a whole, as one that is on its way. */
export async function* textOf(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}
