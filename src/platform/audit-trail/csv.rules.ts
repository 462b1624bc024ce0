/** What a spreadsheet would take for a formula, in full width too. */
const FORMULA_PREFIX = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * A cell that a spreadsheet shows as text, whatever it holds: quoted, and with an apostrophe before what it would take
 * for a formula.
 */
export function formatCsvCell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : `${value as string | number | boolean}`;
  const safe = FORMULA_PREFIX.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** RFC 4180, with CRLF. */
export const formatCsvLine = (cells: readonly unknown[]): string =>
  `${cells.map(formatCsvCell).join(',')}\r\n`;
