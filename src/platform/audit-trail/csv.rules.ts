/** What a spreadsheet would take for a formula, in full width too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * A cell that a spreadsheet shows as text, whatever it holds: quoted, and with an apostrophe before what it would take
 * for a formula.
 */
export function csvCell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : `${value as string | number | boolean}`;
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** RFC 4180, with CRLF. */
export const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;
