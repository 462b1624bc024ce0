export { formatCsvLine } from './csv.rules.ts';
export { writeCsv } from './csv-table.rules.ts';
export { writeHtml } from './write-html.ts';
export { writePdf } from './write-pdf.ts';
export type { Cell, Table } from './table.rules.ts';
export { writeXlsx } from './xlsx.rules.ts';
