import { strToU8, zipSync } from 'fflate';
import type { Cell, Table } from './table.rules.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** White space that XML 1.0 can hold though it is a control character. */
const WHITE_SPACE = '\t\n\r';
/** Control characters, halves of surrogate pairs, and what is no character: XML 1.0 cannot hold them. */
const FORBIDDEN = /[\p{Control}\p{Surrogate}\uFFFE\uFFFF]/gu;
const escapeXml = (text: string): string =>
  text
    .replace(FORBIDDEN, (character) => (WHITE_SPACE.includes(character) ? character : '\uFFFD'))
    .replace(/[&<>"]/g, (character) => ESCAPES[character]!);

/** A cell holds a value, never a formula. */
function writeCell(value: Cell): string {
  if (value === null) return '<c/>';
  if (typeof value === 'number') return `<c><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`;
}

const writeRow = (cells: readonly Cell[]): string => `<row>${cells.map(writeCell).join('')}</row>`;

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The name of a sheet: at most 31 characters, none of `[]:*?/\\`, and no apostrophe or space at an end. */
const sheetName = (title: string): string =>
  title
    .replace(/[[\]:*?/\\]/g, ' ')
    .replace(/^[' ]+/, '')
    .slice(0, 31)
    .replace(/[' ]+$/, '') || 'Report';

/** The table as a workbook with one sheet (Office Open XML). All of it is in memory: meant for some ten thousand rows. */
export function writeXlsx({ title, columns, rows }: Table): Uint8Array {
  const files = {
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/></Types>`,
    '_rels/.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escapeXml(sheetName(title))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetData>${[columns, ...rows].map(writeRow).join('')}</sheetData></worksheet>`,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}
