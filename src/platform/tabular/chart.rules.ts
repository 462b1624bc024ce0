import { type Cell, formatCell, type Table } from './table.rules.ts';

export const CHART_WIDTH = 960;
export const CHART_TEXT_SIZE = 12;

/** The bars of a table's first measure, in units of which `CHART_WIDTH` are its width; y grows downwards. */
export interface Chart {
  caption: string;
  height: number;
  bars: { x: number; y: number; width: number; height: number; title: string }[];
  /** Grid and base lines. */
  lines: { x1: number; y1: number; x2: number; y2: number }[];
  texts: { x: number; y: number; anchor: 'start' | 'middle' | 'end'; text: string }[];
}

interface Bar {
  /** All of it, and as much as fits beside a bar. */
  label: string;
  short: string;
  value: number;
}

/** Days of a leap year. */
const MAX_COLUMNS = 366;
/** Width of a character, generously. */
const CHARACTER_WIDTH = 7;
const MAX_LINES = 4;
const COLUMNS_HEIGHT = 220;
const AXIS_WIDTH = 70;
const MAX_BARS = 20;
const BAR_STEP = 24;
const LABEL_WIDTH = 330;
const VALUE_WIDTH = 100;
const LONGEST_LABEL = 46;
const BETWEEN = ' · ';

const isDate = (cell: Cell | undefined): boolean => typeof cell === 'string' && /^\d{4}-\d\d-\d\d/.test(cell);

/** Long ids differ at their ends: the middle of the longest cells is left out, until all fit. */
function labelOf(cells: readonly string[]): string {
  const room = LONGEST_LABEL - BETWEEN.length * (cells.length - 1);
  const byLength = cells.map((cell) => cell.length).toSorted((a, b) => a - b);
  let left = room;
  const shares = byLength.map((length, index) => {
    const share = Math.min(length, Math.floor(left / (byLength.length - index)));
    left -= share;
    return share;
  });
  const most = Math.max(...shares);
  return cells.map((cell) => (cell.length <= most ? cell : cutMiddle(cell, most))).join(BETWEEN);
}

/** The name of a column within a sentence. */
const inSentence = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function cutMiddle(cell: string, length: number): string {
  const end = Math.ceil((length - 1) / 2);
  return `${cell.slice(0, length - 1 - end)}…${cell.slice(-end)}`;
}

/** Round numbers from 0 to at least `most`, at most `MAX_LINES` beside 0. */
function ticksUntil(most: number): number[] {
  const rough = most / MAX_LINES;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999)! * power;
  const count = Math.ceil((most / step) * 0.999);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

/** Columns side by side, in the order of time. */
function columnsOf(bars: readonly Bar[], most: number): Omit<Chart, 'caption'> {
  const ticks = ticksUntil(most);
  const top = 10;
  const base = top + COLUMNS_HEIGHT;
  const yOf = (value: number) => base - (value / ticks.at(-1)!) * COLUMNS_HEIGHT;
  const step = (CHART_WIDTH - AXIS_WIDTH) / bars.length;
  const labelWidth = Math.max(...bars.map(({ label }) => label.length)) * CHARACTER_WIDTH;
  const every = Math.ceil((labelWidth + 20) / step);
  const middleOf = (index: number) => AXIS_WIDTH + (index + 0.5) * step;
  return {
    height: base + 26,
    bars: bars.map(({ label, value }, index) => ({
      x: AXIS_WIDTH + (index + 0.1) * step,
      y: yOf(value),
      width: step * 0.8,
      height: base - yOf(value),
      title: `${label}: ${formatCell(value)}`,
    })),
    lines: ticks.map((tick) => ({ x1: AXIS_WIDTH, y1: yOf(tick), x2: CHART_WIDTH, y2: yOf(tick) })),
    texts: [
      ...ticks.map((tick) => ({
        x: AXIS_WIDTH - 8,
        y: yOf(tick) + 4,
        anchor: 'end' as const,
        text: formatCell(tick),
      })),
      ...bars.flatMap(({ label }, index) =>
        index % every === 0 && middleOf(index) + labelWidth / 2 <= CHART_WIDTH
          ? [{ x: middleOf(index), y: base + 18, anchor: 'middle' as const, text: label }]
          : [],
      ),
    ],
  };
}

/** Bars beneath each other, each with its label and value: what has no order in time. */
function barsOf(bars: readonly Bar[], most: number): Omit<Chart, 'caption'> {
  const height = bars.length * BAR_STEP;
  const widest = CHART_WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const widthOf = (value: number) => (value / most) * widest;
  return {
    height,
    bars: bars.map(({ label, value }, index) => ({
      x: LABEL_WIDTH,
      y: (index + 0.15) * BAR_STEP,
      width: widthOf(value),
      height: BAR_STEP * 0.7,
      title: `${label}: ${formatCell(value)}`,
    })),
    lines: [{ x1: LABEL_WIDTH, y1: 0, x2: LABEL_WIDTH, y2: height }],
    texts: bars.flatMap(({ short, value }, index) => {
      const y = (index + 0.5) * BAR_STEP + 4;
      return [
        { x: LABEL_WIDTH - 10, y, anchor: 'end' as const, text: short },
        { x: LABEL_WIDTH + widthOf(value) + 6, y, anchor: 'start' as const, text: formatCell(value) },
      ];
    }),
  };
}

/**
 * The first column of numbers as a chart over the columns before it: over dates as columns, over anything else as bars. Null when
 * that would say nothing: no column before it, fewer than two rows, or no value above 0.
 */
export function chartOf({ columns, rows }: Table): Chart | null {
  const measure = columns.findIndex((_, index) => rows.some((row) => typeof row[index] === 'number'));
  if (measure < 1) return null;
  const isTimeline = measure === 1 && rows.every(([first]) => isDate(first));
  // The rows of a report come in its order; time goes from left to right.
  const ordered = isTimeline ? rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)) : rows;
  const shown = ordered.slice(0, isTimeline ? MAX_COLUMNS : MAX_BARS);
  const bars = shown.map((row) => ({
    label: row.slice(0, measure).map(formatCell).join(BETWEEN),
    short: labelOf(row.slice(0, measure).map(formatCell)),
    value: Math.max(0, Number(row[measure])),
  }));
  const most = Math.max(...bars.map(({ value }) => value));
  if (bars.length < 2 || !(most > 0)) return null;
  const rest =
    shown.length < rows.length
      ? `: the first ${formatCell(shown.length)} of ${formatCell(rows.length)} rows`
      : '';
  return {
    caption: `${columns[measure]} by ${columns.slice(0, measure).map(inSentence).join(', ')}${rest}`,
    ...(isTimeline ? columnsOf(bars, most) : barsOf(bars, most)),
  };
}
