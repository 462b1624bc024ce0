import { strToU8, zlibSync } from 'fflate';
import { encodePdfText, type PdfFont } from './pdf-font.rules.ts';

/** A page's size in points, and what is drawn on it. */
export interface PdfPage {
  width: number;
  height: number;
  drawing: string;
}

const number = (value: number): string => String(Number(value.toFixed(2)));
const FONTS: Record<PdfFont, string> = { regular: 'F1', bold: 'F2' };

/** Text in the encoding of the fonts, as hexadecimal digits, in which nothing can end it. */
const hexOf = (codes: readonly number[]): string =>
  `<${codes.map((code) => code.toString(16).padStart(2, '0')).join('')}>`;

/** Text in UTF-16, for what is not drawn with a font. */
const hexOfUtf16 = (text: string): string =>
  `<feff${Array.from({ length: text.length }, (_, index) => text.charCodeAt(index).toString(16).padStart(4, '0')).join('')}>`;

/** Draws text; x and y, from the lower left corner of the page, are the start of its baseline. */
export const drawText = (
  text: string,
  {
    x,
    y,
    size,
    font = 'regular',
    grey = 0,
  }: { x: number; y: number; size: number; font?: PdfFont; grey?: number },
): string =>
  `BT ${number(grey)} g /${FONTS[font]} ${number(size)} Tf ${number(x)} ${number(y)} Td ${hexOf(encodePdfText(text).codes)} Tj ET\n`;

/** Fills a rectangle with a colour of red, green and blue from 0 to 1; x and y are its lower left corner. */
export const drawRectangle = (
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  colour: readonly [number, number, number],
): string => `${colour.map(number).join(' ')} rg ${[x, y, width, height].map(number).join(' ')} re f\n`;

export const drawLine = (x1: number, y1: number, x2: number, y2: number, grey: number): string =>
  `${number(grey)} G 0.5 w ${number(x1)} ${number(y1)} m ${number(x2)} ${number(y2)} l S\n`;

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function streamOf(text: string): Uint8Array {
  const data = zlibSync(strToU8(text, true));
  const head = strToU8(`<</Length ${data.length}/Filter/FlateDecode>>\nstream\n`);
  return join([head, data, strToU8('\nendstream')]);
}

const fontObject = (name: string) =>
  strToU8(`<</Type/Font/Subtype/Type1/BaseFont/${name}/Encoding/WinAnsiEncoding>>`);

/** The pages as a PDF 1.7 file with a title. The same pages give the same bytes. */
export function writePdfFile(title: string, pages: readonly PdfPage[]): Uint8Array {
  // Objects by their number: 1 the catalogue, 2 the list of pages, 3 the title, 4 and 5 the fonts, then two for each page.
  const FIRST_PAGE = 6;
  const kids = pages.map((_, index) => `${FIRST_PAGE + 2 * index} 0 R`).join(' ');
  const objects = [
    strToU8('<</Type/Catalog/Pages 2 0 R/Lang(en)/ViewerPreferences<</DisplayDocTitle true>>>>'),
    strToU8(`<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>`),
    strToU8(`<</Title ${hexOfUtf16(title)}>>`),
    fontObject('Helvetica'),
    fontObject('Helvetica-Bold'),
    ...pages.flatMap(({ width, height, drawing }, index) => [
      strToU8(
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${number(width)} ${number(height)}]/Contents ${FIRST_PAGE + 2 * index + 1} 0 R` +
          `/Resources<</Font<</F1 4 0 R/F2 5 0 R>>>>>>`,
      ),
      streamOf(drawing),
    ]),
  ];
  const parts: Uint8Array[] = [strToU8('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', true)];
  let length = parts[0]!.length;
  const offsets = objects.map((object, index) => {
    const offset = length;
    const part = join([strToU8(`${index + 1} 0 obj\n`), object, strToU8('\nendobj\n')]);
    parts.push(part);
    length += part.length;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const end = `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<</Size ${size}/Root 1 0 R/Info 3 0 R>>\nstartxref\n${length}\n%%EOF\n`;
  return join([...parts, strToU8(end)]);
}
