/** A text that comes in pieces, as sentences that can be spoken while the rest is on its way. */
export async function* sentencesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    rest += piece;
    for (let end = endOf(rest); end > 0; end = endOf(rest)) {
      yield speakable(rest.slice(0, end));
      rest = rest.slice(end);
    }
  }
  if (speakable(rest) !== '') yield speakable(rest);
}

/** Where the first sentence ends: at its mark, when something follows, so that `3.5` is none. */
function endOf(text: string): number {
  const found = /[.!?…]["')\]]*\s|\n/.exec(text);
  return found ? found.index + found[0].length : 0;
}

/** Without numbers of sources and marks of lists, which no voice reads. */
const speakable = (text: string): string =>
  text
    .replaceAll(/\[\d+\]/g, '')
    .replaceAll(/[*#`_]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
