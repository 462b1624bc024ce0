import { formatCsvLine } from './csv.rules.ts';
import type { Table } from './table.rules.ts';

/** The table as CSV with a header line. Text that a spreadsheet would read as a formula is made text; numbers stay numbers. */
export function writeCsv({ columns, rows }: Table): string {
  const line = (cells: Table['rows'][number]) =>
    cells.every((cell) => typeof cell !== 'number')
      ? formatCsvLine(cells)
      : `${cells
          .map((cell) => (typeof cell === 'number' ? String(cell) : formatCsvLine([cell]).trimEnd()))
          .join(',')}\r\n`;
  return formatCsvLine(columns) + rows.map(line).join('');
}
