/** The first words are spoken from here on, also when their sentence is longer. */
const SHORTEST_CLAUSE = 16;

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
  const found = /[.!?…]["')\]]*\s|\n/.exec(text);
  const clause = isFirst ? /[,;:]\s/.exec(text.slice(SHORTEST_CLAUSE)) : null;
  const end = found ? found.index + found[0].length : 0;
  if (!clause) return end;
  const endOfClause = SHORTEST_CLAUSE + clause.index + clause[0].length;
  return end > 0 ? Math.min(end, endOfClause) : endOfClause;
}

/** Without numbers of sources and marks of lists, which no voice reads. */
const speakable = (text: string): string =>
  text
    .replaceAll(/\[\d+\]/g, '')
    .replaceAll(/[*#`_]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
