/** A CSV text that cannot be read; the message says where and why. */
export class CsvFault extends Error {}

/** More fields than a bill has columns, so that a text of commas alone is refused at once. */
const MAX_FIELDS = 10;

type State = 'start' | 'plain' | 'quoted' | 'after_quote';

/**
 * The rows of a CSV text as in RFC 4180: fields in quotes may hold commas, line ends and doubled quotes. Empty lines are left out.
 * @throws CsvFault for a quote that is not closed or stands within a field, and for more than `most` rows or 10 fields in one
 */
export function parseCsv(text: string, most: number): string[][] {
  const rows: string[][] = [];
  let [row, field, state]: [string[], string, State] = [[], '', 'start'];
  const endField = () => {
    row.push(field);
    if (row.length > MAX_FIELDS)
      throw new CsvFault(`row ${rows.length + 1} has more than ${MAX_FIELDS} fields`);
    [field, state] = ['', 'start'];
  };
  const endRow = () => {
    if (row.length > 0 || field !== '' || state !== 'start') {
      endField();
      rows.push(row);
    }
    if (rows.length > most) throw new CsvFault(`has more than ${most} rows`);
    [row, field, state] = [[], '', 'start'];
  };
  for (const character of text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')) {
    if (state === 'quoted') {
      if (character === '"') state = 'after_quote';
      else field += character;
    } else if (character === '"') {
      if (state === 'plain') throw new CsvFault(`row ${rows.length + 1} has a quote within a field`);
      if (state === 'after_quote') field += '"';
      state = 'quoted';
    } else if (character === ',') endField();
    else if (character === '\n') endRow();
    else if (state === 'after_quote')
      throw new CsvFault(`row ${rows.length + 1} has text after a quoted field`);
    else [field, state] = [field + character, 'plain'];
  }
  if (state === 'quoted') throw new CsvFault('ends within a quoted field');
  endRow();
  return rows;
}
