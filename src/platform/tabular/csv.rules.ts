/** First characters that a spreadsheet reads as a formula, including their full-width forms. */
const FORMULA_PREFIX = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * Formats a cell that a spreadsheet shows as text: quoted, with an apostrophe before anything it would read as a formula.
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

/** Formats a line as in RFC 4180, with CRLF. */
export const formatCsvLine = (cells: readonly unknown[]): string =>
  `${cells.map(formatCsvCell).join(',')}\r\n`;
