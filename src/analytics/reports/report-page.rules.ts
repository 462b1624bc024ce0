import type { Cell, Table } from '../../platform/tabular/index.ts';
import type { ReportResult } from './reports.schemas.ts';

const MICROS = 'Micros';
const MICROS_OF_UNIT = 1_000_000;
const ABBREVIATIONS: Readonly<Record<string, string>> = { mos: 'MOS', p95: '95th percentile of' };

/** `averageCallSeconds` in words: "Average call seconds". A column of ids is named after what it identifies, amounts by their currency. */
export function wordsOf(name: string): string {
  const isAmount = name.endsWith(MICROS);
  const [first = '', ...others] = name
    .replace(new RegExp(`(${MICROS}|Id)$`), '')
    .replaceAll(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
    .split(' ')
    .map((word) => ABBREVIATIONS[word] ?? word);
  const words = [first.charAt(0).toUpperCase() + first.slice(1), ...others].join(' ');
  return isAmount ? `${words} (USD)` : words;
}

const inUnits = (name: string, cell: Cell): Cell =>
  name.endsWith(MICROS) && typeof cell === 'number' ? cell / MICROS_OF_UNIT : cell;

/** Both ends of the range as days of its time zone, with the time where it is not midnight. The last day is within the range. */
export function rangeText({
  from,
  to,
  timeZone,
}: Pick<ReportResult['range'], 'from' | 'to' | 'timeZone'>): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone });
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone });
  const isMidnight = (moment: string) => time.format(new Date(moment)) === '00:00:00';
  if (isMidnight(from) && isMidnight(to)) {
    const [first, last] = [day.format(new Date(from)), day.format(Date.parse(to) - 1)];
    return `${first === last ? first : `${first} to ${last}`}, time zone ${timeZone}.`;
  }
  const both = [from, to].map((moment) => `${day.format(new Date(moment))} ${time.format(new Date(moment))}`);
  return `${both.join(' to ')}, time zone ${timeZone}.`;
}

/** A result for people to read: names in words, amounts in whole dollars, times of the organization. Other files keep the names of the API. */
export const pageTableOf = (name: string, { range, columns, rows, truncated }: ReportResult): Table => ({
  title: name,
  subtitle: `${rangeText(range)}${truncated ? ' There are more rows than the report lists.' : ''}`,
  columns: columns.map((column) => wordsOf(column.name)),
  rows: rows.map((row) => row.map((cell, index) => inUnits(columns[index]!.name, cell))),
});
