import { describe, expect, it } from 'vitest';
import { pageTableOf, rangeText, wordsOf } from '../../../src/analytics/reports/report-page.rules.ts';
import { REPORT_SOURCES } from '../../../src/analytics/reports/report-fields.rules.ts';

const utc = (from: string, to: string) => rangeText({ from, to, timeZone: 'UTC' });

describe('the page of a report', () => {
  it('names columns in words', () => {
    expect(
      ['day', 'roomId', 'averageCallSeconds', 'averageMos', 'p95RoundTripSeconds', 'costMicros'].map(wordsOf),
    ).toEqual([
      'Day',
      'Room',
      'Average call seconds',
      'Average MOS',
      '95th percentile of round trip seconds',
      'Cost (USD)',
    ]);
    for (const { dimensions, measures } of Object.values(REPORT_SOURCES)) {
      const names = Object.keys({ ...dimensions, ...measures }).map(wordsOf);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[A-Z0-9][A-Za-z0-9 ]*( \(USD\))?$/);
    }
  });

  it('says which days it is about, and times where they are not whole days', () => {
    expect(utc('2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z')).toBe(
      '1 October 2026 to 31 October 2026, time zone UTC.',
    );
    expect(utc('2026-10-01T00:00:00Z', '2026-10-02T00:00:00Z')).toBe('1 October 2026, time zone UTC.');
    expect(utc('2026-10-01T08:30:00Z', '2026-10-02T00:00:00Z')).toBe(
      '1 October 2026 08:30:00 to 2 October 2026 00:00:00, time zone UTC.',
    );
    expect(
      rangeText({ from: '2026-09-30T22:00:00Z', to: '2026-10-31T23:00:00Z', timeZone: 'Europe/Berlin' }),
    ).toBe('1 October 2026 to 31 October 2026, time zone Europe/Berlin.');
  });

  it('shows amounts in dollars, and leaves what is unknown', () => {
    const table = pageTableOf('Costs', {
      range: {
        from: '2026-10-01T00:00:00Z',
        to: '2026-10-02T00:00:00Z',
        timeZone: 'UTC',
        previous: { from: '', to: '' },
      },
      columns: [
        { name: 'day', type: 'date', role: 'dimension' },
        { name: 'costMicros', type: 'number', role: 'measure' },
      ],
      rows: [
        ['2026-10-01', 39_500_000],
        ['2026-10-02', null],
      ],
      truncated: true,
    });
    expect(table).toEqual({
      title: 'Costs',
      subtitle: '1 October 2026, time zone UTC. There are more rows than the report lists.',
      columns: ['Day', 'Cost (USD)'],
      rows: [
        ['2026-10-01', 39.5],
        ['2026-10-02', null],
      ],
    });
  });
});
