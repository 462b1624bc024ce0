import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { chartOf } from '../../../src/platform/tabular/chart.rules.ts';
import { type Table, writePdf, writeXlsx } from '../../../src/platform/tabular/index.ts';
import { readPdf } from '../../support/read-pdf.ts';

const table = (more: Partial<Table> = {}): Table => ({
  title: 'Calls',
  subtitle: '',
  columns: ['day', 'calls'],
  rows: [
    ['2026-11-03', 9],
    ['2026-11-01', 5],
    ['2026-11-02', 1],
  ],
  ...more,
});

describe('a table', () => {
  it('over days is a chart in the order of time, in whichever order its rows are', () => {
    expect(chartOf(table())!.bars.map(({ title }) => title)).toEqual([
      '2026-11-01: 5',
      '2026-11-02: 1',
      '2026-11-03: 9',
    ]);
  });

  it.each([
    ["Participants of the customers' calls", 'Participants of the customers'],
    ["'quoted'", 'quoted'],
    ['[a]:*?/\\', 'a'],
    ["''", 'Report'],
  ])('named %s is a sheet that a spreadsheet program takes', (title, name) => {
    const book = strFromU8(unzipSync(writeXlsx(table({ title })))['xl/workbook.xml']!);
    expect(/<sheet name="([^"]*)"/.exec(book)?.[1]).toBe(name);
  });

  it('with a title of one long word keeps it on the page', () => {
    const shown = readPdf(writePdf(table({ title: 'W'.repeat(100) })))
      .filter((text) => /^W+$/.test(text))
      .map(({ length }) => length);
    expect(shown.reduce((sum, length) => sum + length)).toBe(100);
    expect(shown.length).toBeGreaterThan(1);
    expect(Math.max(...shown)).toBeLessThan(40);
  });
});
