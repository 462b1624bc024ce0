export type Cell = string | number | boolean | null;

/** A table to be written to a file: columns, and rows with a cell for each. */
export interface Table {
  title: string;
  /** A line beneath the title, such as the time that the table is about. */
  subtitle: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

const smallFormat = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 4 });
const largeFormat = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
/** Large numbers have fewer decimals, which say nothing about them. */
const formatNumber = (value: number): string =>
  (Math.abs(value) < 100 ? smallFormat : largeFormat).format(value);
/** A cell as people read it; unknown values are a dash. */
export const formatCell = (cell: Cell): string =>
  cell === null ? '–' : typeof cell === 'number' ? formatNumber(cell) : String(cell);

/** Columns with a number in any row; they are aligned at their ends. */
export const numberColumns = ({ columns, rows }: Table): boolean[] =>
  columns.map((_, index) => rows.some((row) => typeof row[index] === 'number'));
