import { RRule } from 'rrule';
import { describe, expect, it } from 'vitest';
import { nextStart, occurrences, parseRecurrence } from '../../../src/kernel/recurrence/index.ts';
import { randomFrom } from '../../support/random.ts';

const DAY_MS = 86_400_000;
const dayOf = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / DAY_MS;
const isoOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);

function first(text: string, start: string, count: number, from = start): string[] {
  const days: string[] = [];
  for (const day of occurrences(parseRecurrence(text)!, dayOf(start), dayOf(from))) {
    days.push(isoOf(day));
    if (days.length === count) break;
  }
  return days;
}

/** The days up to and with the first one after `last`. */
function upTo(text: string, start: number, from: number, last: number): number[] {
  const days: number[] = [];
  for (const day of occurrences(parseRecurrence(text)!, start, from)) {
    days.push(day);
    if (day > last) break;
  }
  return days;
}

/** The next starts of a schedule, in UTC. */
function starts(
  schedule: { startsAt: string; timeZone: string; rrule: string },
  from: string,
  count: number,
): string[] {
  const found: string[] = [];
  let nowMs = Date.parse(from);
  while (found.length < count) {
    const next = nextStart({ durationSeconds: 60, ...schedule }, nowMs);
    if (next === null) break;
    found.push(new Date(next).toISOString().replace(':00.000Z', 'Z'));
    nowMs = next + 60_000;
  }
  return found;
}

describe('a recurrence', () => {
  it.each([
    ['FREQ=DAILY;INTERVAL=10;COUNT=3', '2026-01-05', ['2026-01-05', '2026-01-15', '2026-01-25']],
    ['FREQ=WEEKLY;BYDAY=MO,WE', '2026-01-06', ['2026-01-07', '2026-01-12', '2026-01-14']],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU', '2026-08-04', ['2026-08-04', '2026-08-16', '2026-08-18']],
    ['FREQ=MONTHLY;BYDAY=-1FR', '2026-01-05', ['2026-01-30', '2026-02-27', '2026-03-27']],
    ['FREQ=MONTHLY', '2026-01-31', ['2026-01-31', '2026-03-31', '2026-05-31']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-05', ['2026-01-31', '2026-02-28', '2026-03-31']],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-01-05',
      ['2026-01-30', '2026-02-27', '2026-03-31'],
    ],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '2026-01-01', ['2026-02-13', '2026-03-13', '2026-11-13']],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2026-01-01', ['2028-02-29', '2032-02-29', '2036-02-29']],
    ['FREQ=YEARLY;BYDAY=1MO', '2026-01-01', ['2026-01-05', '2027-01-04', '2028-01-03']],
    ['FREQ=YEARLY', '2024-02-29', ['2024-02-29', '2028-02-29', '2032-02-29']],
  ])('%s yields the days that the calendar has', (text, start, expected) => {
    expect(first(text, start, 3)).toEqual(expected);
  });

  it('counts its occurrences from its start, from wherever they are listed', () => {
    expect(first('FREQ=DAILY;COUNT=5', '2026-01-01', 9, '2026-01-04')).toEqual(['2026-01-04', '2026-01-05']);
  });

  it('agrees with another implementation about hundreds of rules', () => {
    const random = randomFrom(7);
    const below = (n: number) => Math.floor(random() * n);
    const chosen = (n: number, make: () => string) => [...new Set(Array.from({ length: n }, make))].join(',');
    const weekday = () => ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][below(7)]!;
    let compared = 0;
    for (let round = 0; round < 200; round++) {
      const frequency = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'][below(4)]!;
      const ordinal = (frequency === 'MONTHLY' || frequency === 'YEARLY') && random() < 0.5;
      const nth = () => `${random() < 0.5 ? '' : '-'}${1 + below(5)}`;
      const parts = [`FREQ=${frequency}`, `INTERVAL=${1 + below(frequency === 'YEARLY' ? 2 : 4)}`];
      if (random() < 0.5)
        parts.push(`BYDAY=${chosen(1 + below(3), () => (ordinal ? nth() : '') + weekday())}`);
      if (random() < 0.3 && frequency !== 'WEEKLY')
        parts.push(
          `BYMONTHDAY=${chosen(1 + below(3), () => `${random() < 0.7 ? '' : '-'}${1 + below(31)}`)}`,
        );
      if (random() < 0.3) parts.push(`BYMONTH=${chosen(1 + below(4), () => String(1 + below(12)))}`);
      if (random() < 0.2 && parts.length > 2 && 'MONTHLY YEARLY'.includes(frequency))
        parts.push(`BYSETPOS=${random() < 0.5 ? '' : '-'}${1 + below(3)}`);
      const count = random() < 0.2 ? 1 + below(20) : null;
      if (count !== null) parts.push(`COUNT=${count}`);
      if (random() < 0.3) parts.push(`WKST=${weekday()}`);
      const text = parts.join(';');
      const start = dayOf('2023-01-01') + below(1500);
      const from = start + below(1200);
      const until = start + 3_280;
      const ours = upTo(text, start, from, until);
      // The other implementation searches eight thousand years for a rule that names no day.
      const all = upTo(text, start, start, until);
      if (all.length !== count && (all.at(-1) ?? 0) <= until) continue;
      const other = new RRule({ ...RRule.parseString(text), dtstart: new Date(start * DAY_MS) });
      const theirs = other
        .between(new Date(from * DAY_MS), new Date(until * DAY_MS), true)
        .map((date) => date.getTime() / DAY_MS);
      const [mine, yours] = [ours.filter((day) => day <= until), theirs].map((days) => days.map(isoOf));
      expect([text, isoOf(start), mine]).toEqual([text, isoOf(start), yours]);
      compared++;
    }
    expect(compared).toBeGreaterThan(120);
  });

  it.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300',
    'FREQ=DAILY;INTERVAL=7;BYDAY=WE',
    'FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=DAILY;COUNT=999;BYMONTH=2;BYMONTHDAY=30',
  ])('%s has no occurrence, which is found out at once', (rrule) => {
    const usedBefore = process.cpuUsage();
    for (let round = 0; round < 20; round++)
      expect(
        starts({ startsAt: '2026-01-05T09:00:00Z', timeZone: 'UTC', rrule }, '2026-01-01T00:00:00Z', 1),
      ).toEqual([]);
    // Much more than it takes, and much less than a search through all years would.
    const { user } = process.cpuUsage(usedBefore);
    expect(user / 20).toBeLessThan(100_000);
  });

  it('ends where it has no occurrence for more than ten years', () => {
    expect(first('FREQ=YEARLY;INTERVAL=12', '2026-01-05', 5)).toEqual(['2026-01-05']);
  });

  it.each([
    '',
    'FREQ=HOURLY',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=5;UNTIL=20260105T000000Z',
    'FREQ=DAILY;UNTIL=20260230T000000Z',
    'FREQ=DAILY;UNTIL=20261305T000000Z',
    'FREQ=DAILY;BYDAY=1MO',
    'FREQ=WEEKLY;BYMONTHDAY=5',
    'FREQ=MONTHLY;BYSETPOS=1',
    'FREQ=MONTHLY;BYDAY=0MO',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=YEARLY;BYMONTH=13',
    'FREQ=YEARLY;BYWEEKNO=20',
    'FREQ=DAILY;FREQ=WEEKLY',
    'freq=daily',
    'DTSTART:20260105T090000Z\nRRULE:FREQ=DAILY',
    'FREQ=DAILY;constructor=1',
    'FREQ=DAILY=1',
  ])('%j is not a supported rule', (text) => {
    expect(parseRecurrence(text)).toBeNull();
  });
});

describe('a schedule', () => {
  it('keeps its wall clock time when summer time begins and ends', () => {
    const daily = { startsAt: '2026-03-27T08:00:00Z', timeZone: 'Europe/Madrid', rrule: 'FREQ=DAILY' };
    expect(starts(daily, '2026-03-27T00:00:00Z', 4)).toEqual([
      '2026-03-27T08:00Z',
      '2026-03-28T08:00Z',
      '2026-03-29T07:00Z',
      '2026-03-30T07:00Z',
    ]);
    expect(starts(daily, '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T07:00Z',
      '2026-10-25T08:00Z',
      '2026-10-26T08:00Z',
    ]);
  });

  it.each([
    // Clocks jump from 02:00 to 03:00: half past two becomes half past three.
    [
      'Europe/Madrid',
      '2026-03-28T01:30:00Z',
      ['2026-03-28T01:30Z', '2026-03-29T01:30Z', '2026-03-30T00:30Z'],
    ],
    [
      'America/New_York',
      '2026-03-07T07:30:00Z',
      ['2026-03-07T07:30Z', '2026-03-08T07:30Z', '2026-03-09T06:30Z'],
    ],
    // Half past two comes twice: the first one counts.
    [
      'Europe/Madrid',
      '2026-10-24T00:30:00Z',
      ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ],
    [
      'America/New_York',
      '2026-10-31T05:30:00Z',
      ['2026-10-31T05:30Z', '2026-11-01T05:30Z', '2026-11-02T06:30Z'],
    ],
    // Clocks change by half an hour.
    [
      'Australia/Lord_Howe',
      '2026-10-02T15:45:00Z',
      ['2026-10-02T15:45Z', '2026-10-03T15:45Z', '2026-10-04T15:15Z'],
    ],
    // A whole day is skipped.
    ['Pacific/Apia', '2011-12-29T09:00:00Z', ['2011-12-29T09:00Z', '2011-12-30T09:00Z', '2011-12-31T09:00Z']],
  ])(
    'has an occurrence every day in %s also where clocks change at that hour',
    (timeZone, startsAt, expected) => {
      expect(starts({ startsAt, timeZone, rrule: 'FREQ=DAILY' }, startsAt, 3)).toEqual(expected);
    },
  );

  it('begins at the given instant, also in the second of two equal hours', () => {
    const second = { startsAt: '2026-10-25T01:30:00Z', timeZone: 'Europe/Madrid', rrule: 'FREQ=DAILY' };
    expect(starts(second, '2026-10-25T00:00:00Z', 2)).toEqual(['2026-10-25T01:30Z', '2026-10-26T01:30Z']);
  });

  it('ends at the instant of UNTIL, which can itself be a start', () => {
    const until = (rrule: string) =>
      starts({ startsAt: '2026-01-05T23:30:00Z', timeZone: 'Asia/Tokyo', rrule }, '2026-01-01T00:00:00Z', 9);
    expect(until('FREQ=DAILY;UNTIL=20260107T233000Z')).toHaveLength(3);
    expect(until('FREQ=DAILY;UNTIL=20260107T232959Z')).toHaveLength(2);
  });

  it('follows the weekdays of its own time zone', () => {
    // Monday evening in Los Angeles is Tuesday in UTC.
    const evening = {
      startsAt: '2026-01-06T03:00:00Z',
      timeZone: 'America/Los_Angeles',
      rrule: 'FREQ=WEEKLY;BYDAY=MO',
    };
    expect(starts(evening, '2026-01-01T00:00:00Z', 2)).toEqual(['2026-01-06T03:00Z', '2026-01-13T03:00Z']);
  });

  it('has the current occurrence as its next one until its duration is over', () => {
    const schedule = {
      startsAt: '2026-01-05T09:00:00Z',
      durationSeconds: 3600,
      timeZone: 'UTC',
      rrule: 'FREQ=WEEKLY',
    };
    const at = (now: string) => new Date(nextStart(schedule, Date.parse(now))!).toISOString();
    expect(at('2026-01-05T09:59:59Z')).toBe('2026-01-05T09:00:00.000Z');
    expect(at('2026-01-05T10:00:00Z')).toBe('2026-01-12T09:00:00.000Z');
    const single = { ...schedule, rrule: undefined };
    expect(nextStart(single, Date.parse('2026-01-05T09:59:59Z'))).not.toBeNull();
    expect(nextStart(single, Date.parse('2026-01-05T10:00:00Z'))).toBeNull();
  });

  it('finds its next start fast however long ago it began', () => {
    const usedBefore = process.cpuUsage();
    const old = { startsAt: '1970-01-01T09:00:00Z', timeZone: 'Europe/Madrid', rrule: 'FREQ=DAILY' };
    for (let round = 0; round < 50; round++)
      expect(starts(old, '2099-01-01T00:00:00Z', 1)).toEqual(['2099-01-01T09:00Z']);
    const { user } = process.cpuUsage(usedBefore);
    expect(user / 50).toBeLessThan(20_000);
  });

  it('ends with the year 9999, the last that a response can show', () => {
    const late = { startsAt: '9999-12-31T09:00:00Z', timeZone: 'UTC', rrule: 'FREQ=WEEKLY;BYDAY=MO' };
    expect(starts(late, '2026-01-01T00:00:00Z', 3).every((each) => each.startsWith('9999-'))).toBe(true);
  });
});
