import { describe, expect, it } from 'vitest';
import { nextCronMoment, parseCron } from '../../../src/kernel/recurrence/index.ts';
import { randomFrom } from '../../support/random.ts';

const next = (text: string, after: string, timeZone = 'UTC') => {
  const ms = nextCronMoment(parseCron(text)!, timeZone, Date.parse(after));
  return ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z');
};

describe('a cron expression', () => {
  it('is five fields of lists, ranges, steps and names', () => {
    expect(next('30 8 * * MON-FRI', '2026-01-02T08:30:00Z')).toBe('2026-01-05T08:30Z');
    expect(next('0 6,18 1 jan *', '2026-01-01T06:00:00Z')).toBe('2026-01-01T18:00Z');
    expect(next('0 */6 * * *', '2026-01-01T06:30:00Z')).toBe('2026-01-01T12:00Z');
    expect(next('15 20/2 * * 7', '2026-01-01T00:00:00Z')).toBe('2026-01-04T20:15Z');
    expect(next('0 9 29 2 *', '2026-01-01T00:00:00Z')).toBe('2028-02-29T09:00Z');
  });

  it('with a day of the month and a day of the week holds on either', () => {
    expect(next('0 9 13 * FRI', '2026-01-01T12:00:00Z')).toBe('2026-01-02T09:00Z');
    expect(next('0 9 13 * FRI', '2026-01-09T12:00:00Z')).toBe('2026-01-13T09:00Z');
  });

  it.each([
    '',
    '* * * *',
    '60 0 * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 * 13 *',
    '0 0 * * 8',
    '5-1 0 * * *',
    '0 0 * * MONDAY',
    '0/0 0 * * *',
    '0 0 1/2/3 * *',
    '@daily',
    '-1 0 * * *',
    '0 0 1-2-3 * *',
    '1, 0 * * *',
  ])('that is %j is refused', (text) => {
    expect(parseCron(text)).toBeNull();
  });

  it('without a date that exists holds never, and says so at once', () => {
    expect(next('0 0 30 2 *', '2026-01-01T00:00:00Z')).toBeNull();
  });

  it('whose time is skipped holds as many minutes after the change', () => {
    expect(next('30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T01:30Z');
    expect(next('30 2 * * *', '2026-03-29T01:30:00Z', 'Europe/Berlin')).toBe('2026-03-30T00:30Z');
    expect(next('30 2,3 * * *', '2026-03-29T01:30:00Z', 'Europe/Berlin')).toBe('2026-03-30T00:30Z');
  });

  it('whose time comes twice holds once, the first time', () => {
    expect(next('30 2 * * *', '2026-10-24T12:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T00:30Z');
    expect(next('30 2 * * *', '2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe('2026-10-26T01:30Z');
    expect(next('30 2 * * *', '2026-10-25T01:10:00Z', 'Europe/Berlin')).toBe('2026-10-26T01:30Z');
  });

  it('holds at the minutes that the wall clock of its time zone shows, found minute by minute', () => {
    const random = randomFrom(3);
    const pick = (most: number) => Math.floor(random() * most);
    for (const timeZone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Auckland'])
      for (let round = 0; round < 10; round++) {
        const [minute, hour, weekday] = [pick(60), 4 + pick(20), pick(7)];
        const format = new Intl.DateTimeFormat('en-US', {
          timeZone,
          hourCycle: 'h23',
          weekday: 'short',
          hour: 'numeric',
          minute: 'numeric',
        });
        const after = Date.parse('2026-01-01T00:00:00Z') + pick(365 * 24 * 60) * 60_000;
        const wanted = `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][weekday]} ${hour}:${minute}`;
        const shows = (ms: number) => {
          const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
          return `${parts.weekday} ${Number(parts.hour)}:${Number(parts.minute)}`;
        };
        let expected = after + 60_000;
        while (shows(expected) !== wanted) expected += 60_000;
        expect(nextCronMoment(parseCron(`${minute} ${hour} * * ${weekday}`)!, timeZone, after)).toBe(
          expected,
        );
      }
  });
});
