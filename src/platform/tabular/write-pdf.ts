import { CHART_TEXT_SIZE, CHART_WIDTH, type Chart, chartOf } from './chart.rules.ts';
import { drawLine, drawRectangle, drawText, type PdfPage, writePdfFile } from './pdf-file.rules.ts';
import { encodePdfText, type PdfFont, widthOfPdfText } from './pdf-font.rules.ts';
import { formatCell, numberColumns, type Table } from './table.rules.ts';

/** A4 in points. */
const SHORT_SIDE = 595.28;
const LONG_SIDE = 841.89;
const MARGIN = 40;
const FOOTER = 24;
const TITLE_SIZE = 16;
const NOTE_SIZE = 9;
const LARGEST_TEXT = 9;
/** In the size of the text. */
const PADDING = 0.7;
const ROW_HEIGHT = 1.8;
const LONGEST_CELL = 60;
const BAR = [0.18, 0.37, 0.88] as const;
const STRIPE = [0.96, 0.96, 0.96] as const;
const NOTE_GREY = 0.35;

const cut = (text: string): string =>
  text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;

/** A word in parts that are no wider than `width`. */
function partsOf(word: string, font: PdfFont, size: number, width: number): string[] {
  const parts: string[] = [''];
  for (const character of word) {
    const longer = parts.at(-1)! + character;
    if (parts.at(-1) === '' || widthOfPdfText(longer, font, size) <= width) parts[parts.length - 1] = longer;
    else parts.push(character);
  }
  return parts;
}

/** The text as lines that are no wider than `width`, broken between words, and within words that are wider. */
function linesOf(text: string, font: PdfFont, size: number, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/).flatMap((each) => partsOf(each, font, size, width))) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (lines.at(-1) === '' || widthOfPdfText(longer, font, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

interface Layout {
  width: number;
  height: number;
  size: number;
  columns: { name: string; isNumber: boolean; x: number; width: number }[];
  cells: string[][];
}

/** As wide as its columns need; they stand on their side, and in smaller text, when they do not fit otherwise. */
function layOut(table: Table): Layout {
  const isNumber = numberColumns(table);
  const cells = table.rows.map((row) => row.map((cell) => cut(formatCell(cell))));
  const needed = table.columns.map((name, index) =>
    cells.reduce(
      (most, row) => Math.max(most, widthOfPdfText(row[index]!, 'regular', 1)),
      widthOfPdfText(name, 'bold', 1),
    ),
  );
  const total = needed.reduce((sum, each) => sum + each + 2 * PADDING, 0);
  const isWide = total * LARGEST_TEXT > SHORT_SIDE - 2 * MARGIN;
  const [width, height] = isWide ? [LONG_SIDE, SHORT_SIDE] : [SHORT_SIDE, LONG_SIDE];
  const size = Math.min(LARGEST_TEXT, (width - 2 * MARGIN) / total);
  const stretch = (width - 2 * MARGIN) / (total * size);
  let x = MARGIN;
  const columns = table.columns.map((name, index) => {
    const column = {
      name,
      isNumber: isNumber[index]!,
      x,
      width: (needed[index]! + 2 * PADDING) * size * stretch,
    };
    x += column.width;
    return column;
  });
  return { width, height, size, columns, cells };
}

/** One line of the table, whose top is at `top`. */
function drawRow({ size, columns }: Layout, texts: readonly string[], top: number, font: PdfFont): string {
  const y = top - size * (ROW_HEIGHT / 2 + 0.35);
  return columns
    .map(({ isNumber, x, width }, index) => {
      const text = texts[index]!;
      const end = x + width - PADDING * size - widthOfPdfText(text, font, size);
      return drawText(text, { x: isNumber ? end : x + PADDING * size, y, size, font });
    })
    .join('');
}

/** The chart, whose top is at `top`. */
function drawChart({ height, bars, lines, texts }: Chart, top: number, scale: number): string {
  const [x, y] = [(value: number) => MARGIN + value * scale, (value: number) => top - value * scale];
  const size = CHART_TEXT_SIZE * scale;
  return [
    ...lines.map(({ x1, y1, x2, y2 }) => drawLine(x(x1), y(y1), x(x2), y(y2), 0.8)),
    ...bars.map((bar) =>
      drawRectangle(
        { x: x(bar.x), y: y(bar.y + bar.height), width: bar.width * scale, height: bar.height * scale },
        BAR,
      ),
    ),
    ...texts.map(({ x: at, y: base, anchor, text }) => {
      const width = widthOfPdfText(text, 'regular', size);
      const before = { start: 0, middle: width / 2, end: width }[anchor];
      return drawText(text, { x: x(at) - before, y: y(Math.min(base, height)), size });
    }),
  ].join('');
}

const LACKING =
  'The fonts of this file lack some characters, which are shown without marks or as “?”. The page (HTML) and the workbook have them.';

/** Title, subtitle and chart. @returns them, and how far down the page they reach */
function drawHead(table: Table, { width, height }: Layout): { drawing: string; bottom: number } {
  const inner = width - 2 * MARGIN;
  const isComplete = [table.title, ...table.rows.flat()].every(
    (cell) => typeof cell !== 'string' || encodePdfText(cell).isComplete,
  );
  const notes = [table.subtitle, ...(isComplete ? [] : [LACKING])];
  let bottom = height - MARGIN;
  let drawing = '';
  for (const line of linesOf(table.title, 'bold', TITLE_SIZE, inner)) {
    bottom -= TITLE_SIZE * 1.2;
    drawing += drawText(line, { x: MARGIN, y: bottom, size: TITLE_SIZE, font: 'bold' });
  }
  for (const line of notes.flatMap((note) => linesOf(note, 'regular', NOTE_SIZE, inner))) {
    bottom -= NOTE_SIZE * 1.6;
    drawing += drawText(line, { x: MARGIN, y: bottom, size: NOTE_SIZE, grey: NOTE_GREY });
  }
  const chart = chartOf(table);
  if (chart) {
    const scale = inner / CHART_WIDTH;
    bottom -= NOTE_SIZE;
    for (const line of linesOf(chart.caption, 'bold', NOTE_SIZE, inner)) {
      bottom -= NOTE_SIZE * 1.5;
      drawing += drawText(line, { x: MARGIN, y: bottom, size: NOTE_SIZE, font: 'bold' });
    }
    drawing += drawChart(chart, bottom - NOTE_SIZE, scale);
    bottom -= NOTE_SIZE + chart.height * scale;
  }
  return { drawing, bottom: bottom - NOTE_SIZE * 1.5 };
}

/** The rows on as many pages as they need, the names of the columns at the top of each. @returns a drawing for each page */
function drawRows(layout: Layout, firstTop: number): string[] {
  const { width, height, size, columns, cells } = layout;
  const names = columns.map(({ name }) => name);
  const step = size * ROW_HEIGHT;
  const drawings: string[] = [];
  let top = firstTop;
  let next = 0;
  do {
    let drawing = drawRow(layout, names, top, 'bold');
    drawing += drawLine(MARGIN, top - step, width - MARGIN, top - step, 0.4);
    top -= step;
    for (; next < cells.length && top - step >= MARGIN + FOOTER; next++, top -= step) {
      if (next % 2 === 1)
        drawing += drawRectangle(
          { x: MARGIN, y: top - step, width: width - 2 * MARGIN, height: step },
          STRIPE,
        );
      drawing += drawRow(layout, cells[next]!, top, 'regular');
    }
    drawings.push(drawing);
    top = height - MARGIN;
  } while (next < cells.length);
  return drawings;
}

/**
 * The table as a PDF that can be printed, with a chart. It has no font of its own: characters beyond Windows-1252 are replaced, and
 * the page says so. All of it is in memory: meant for some ten thousand rows.
 */
export function writePdf(table: Table): Uint8Array {
  const layout = layOut(table);
  const head = drawHead(table, layout);
  const rows = drawRows(layout, head.bottom);
  const pages: PdfPage[] = rows.map((drawing, index) => {
    const text = `Page ${index + 1} of ${rows.length}`;
    const x = layout.width - MARGIN - widthOfPdfText(text, 'regular', NOTE_SIZE);
    const footer = drawText(text, { x, y: MARGIN, size: NOTE_SIZE, grey: NOTE_GREY });
    return {
      width: layout.width,
      height: layout.height,
      drawing: (index === 0 ? head.drawing : '') + drawing + footer,
    };
  });
  return writePdfFile(table.title, pages);
}
