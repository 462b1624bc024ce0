import { Refusal } from '../processes/serve-requests.ts';
import type { Archive } from './archive.ts';
import { type Attributes, readXml, type XmlReader } from './read-xml.ts';
import { LINES } from './text-page.ts';

const MAX_COLUMNS = 26;
const MAX_CELL_CHARACTERS = 24;
/** Programs number strings in the order of the cells that show them, so those of the first rows are among the first. */
const MAX_STRINGS = 20_000;

const clip = (text: string) =>
  text.length > MAX_CELL_CHARACTERS ? `${text.slice(0, MAX_CELL_CHARACTERS - 1)}…` : text;

/** The column of a cell such as "AB12", from 0; undefined for no such name. */
function columnOf(reference = ''): number | undefined {
  const name = /^[A-Z]{1,3}(?=\d)/.exec(reference)?.[0];
  if (!name) return undefined;
  return Array.from(name).reduce((sum, character) => sum * 26 + character.charCodeAt(0) - 64, 0) - 1;
}

class StringReader implements XmlReader {
  readonly strings: string[] = [];
  #text = '';
  #isText = false;

  isDone = () => this.strings.length >= MAX_STRINGS;
  open(name: string): void {
    this.#isText = name === 't';
    if (name === 'si') this.#text = '';
  }
  close(name: string): void {
    this.#isText = false;
    if (name === 'si') this.strings.push(this.#text);
  }
  text(text: string): void {
    if (this.#isText && this.#text.length < MAX_CELL_CHARACTERS * 4) this.#text += text;
  }
}

/** Its cells; those without a value are missing. */
type Row = (string | undefined)[];

class SheetReader implements XmlReader {
  readonly rows: Row[] = [];
  #strings: readonly string[];
  #type = '';
  #column = 0;
  #text = '';
  #isText = false;

  constructor(strings: readonly string[]) {
    this.#strings = strings;
  }

  isDone = () => this.rows.length >= LINES;

  open(name: string, attributes: Attributes): void {
    if (this.isDone()) return;
    if (name === 'row') {
      this.rows.push([]);
      this.#column = 0;
    } else if (name === 'c') {
      this.#column = columnOf(attributes.r) ?? this.#column;
      this.#type = attributes.t ?? 'n';
      this.#text = '';
    }
    this.#isText = name === 'v' || name === 't';
  }

  close(name: string): void {
    this.#isText = false;
    if (name === 'c') this.#writeCell();
  }

  text(text: string): void {
    if (this.#isText && this.#text.length < MAX_CELL_CHARACTERS * 4) this.#text += text;
  }

  #writeCell(): void {
    const row = this.rows.at(-1);
    const value = this.#type === 's' ? (this.#strings[Number(this.#text)] ?? '…') : this.#text;
    if (row && this.#column < MAX_COLUMNS) row[this.#column] = clip(value.replaceAll(/\s+/g, ' ').trim());
    this.#column++;
  }
}

/** Rows with their columns one below the other. */
function alignColumns(rows: readonly Row[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell = '', column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) =>
    Array.from(row, (cell = '', column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The first rows of a sheet. Numbers stand as they are stored: a date is a count of days. @throws Refusal where there is no such part */
export async function readSheet(archive: Archive, part: string): Promise<string[]> {
  const strings = new StringReader();
  await readXml(archive, 'xl/sharedStrings.xml', strings);
  const sheet = new SheetReader(strings.strings);
  if (!(await readXml(archive, part, sheet))) throw new Refusal('the document has no first page');
  return alignColumns(sheet.rows);
}
