/** The fonts that every reader of PDF brings along, so that a file needs none. They have the characters of Windows-1252. */
export type PdfFont = 'regular' | 'bold';

/** Characters of the codes 0x80 to 0x9F; a space where there is none. */
const FROM_80 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';
const CODES = new Map<string, number>(
  Array.from(FROM_80, (character, index): [string, number] => [character, 0x80 + index]).filter(
    ([character]) => character !== ' ',
  ),
);
const REPLACEMENT = 0x3f;

/** Widths of the characters from the space to `~`, in thousandths of the font's size (Helvetica and Helvetica-Bold). */
const WIDTHS: Record<PdfFont, readonly number[]> = {
  regular: [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ],
  bold: [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
    556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
    556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
    333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
  ],
};
/** Wider than nearly every character beyond `~`. */
const OTHER_WIDTH = 1000;

const codeOf = (character: string): number | undefined => {
  const code = character.codePointAt(0)!;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) ? code : CODES.get(character);
};

/** The base character of one with marks. */
const baseOf = (character: string): string => character.normalize('NFKD')[0]!;

/**
 * Text in the encoding of the fonts. What they lack becomes the character without marks, else a question mark, and `isComplete` is
 * false.
 */
export function encodePdfText(text: string): { codes: number[]; isComplete: boolean } {
  let isComplete = true;
  const codes = Array.from(text.normalize('NFC'), (character) => {
    const known = codeOf(character);
    if (known !== undefined) return known;
    isComplete = false;
    return codeOf(baseOf(character)) ?? REPLACEMENT;
  });
  return { codes, isComplete };
}

/** Width of text in the units of `size`; characters with marks are as wide as those without. */
export function widthOfPdfText(text: string, font: PdfFont, size: number): number {
  let width = 0;
  for (const character of text)
    width += WIDTHS[font][baseOf(character).codePointAt(0)! - 0x20] ?? OTHER_WIDTH;
  return (width / 1000) * size;
}
