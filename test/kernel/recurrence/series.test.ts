import { RRule, RRuleSet } from 'rrule';
import { describe, expect, it } from 'vitest';
import {
  keptChanges,
  nextStart,
  type OccurrenceChange,
  occurrencesOf,
} from '../../../src/kernel/recurrence/index.ts';

const weekly = {
  startsAt: '2026-03-02T08:00:00.000Z',
  durationSeconds: 3600,
  timeZone: 'Europe/Madrid',
  rrule: 'FREQ=WEEKLY;BYDAY=MO',
};
const change = (originalStartsAt: string, more: Partial<OccurrenceChange> = {}): OccurrenceChange => ({
  originalStartsAt,
  cancelled: false,
  startsAt: null,
  durationSeconds: null,
  name: null,
  ...more,
});
const nextOf = (now: string, changes: OccurrenceChange[], schedule = weekly) => {
  const ms = nextStart(schedule, Date.parse(now), changes);
  return ms === null ? null : new Date(ms).toISOString();
};
function starts(schedule: typeof weekly, changes: OccurrenceChange[], from: string, count: number): string[] {
  const found: string[] = [];
  for (const { startMs, cancelled } of occurrencesOf(schedule, changes, Date.parse(from))) {
    if (!cancelled) found.push(new Date(startMs).toISOString());
    if (found.length === count) break;
  }
  return found;
}

describe('the next start of a series with changed dates', () => {
  it('passes over a cancelled date', () => {
    const cancelled = [change('2026-03-09T08:00:00.000Z', { cancelled: true })];
    expect(nextOf('2026-03-02T09:00:00Z', cancelled)).toBe('2026-03-16T08:00:00.000Z');
    expect(nextOf('2026-03-02T08:59:59Z', cancelled)).toBe('2026-03-02T08:00:00.000Z');
  });

  it('is that of a date moved before its turn, and of one moved behind the next', () => {
    const changes = [
      change('2026-03-23T08:00:00.000Z', { startsAt: '2026-03-04T10:00:00.000Z' }),
      change('2026-03-09T08:00:00.000Z', { startsAt: '2026-03-18T10:00:00.000Z', durationSeconds: 60 }),
    ];
    expect(starts(weekly, changes, '2026-03-02T09:00:00Z', 4)).toEqual([
      '2026-03-04T10:00:00.000Z',
      '2026-03-16T08:00:00.000Z',
      '2026-03-18T10:00:00.000Z',
      // Summer time begins on 29 March.
      '2026-03-30T07:00:00.000Z',
    ]);
    expect(nextOf('2026-03-18T10:00:59Z', changes)).toBe('2026-03-18T10:00:00.000Z');
    expect(nextOf('2026-03-18T10:01:00Z', changes)).toBe('2026-03-30T07:00:00.000Z');
  });

  it('is a date moved behind the end of the series, and null when the rest is cancelled', () => {
    const short = { ...weekly, rrule: 'FREQ=WEEKLY;COUNT=2' };
    const moved = change('2026-03-09T08:00:00.000Z', { startsAt: '2026-06-01T08:00:00.000Z' });
    expect(nextOf('2026-05-01T00:00:00Z', [moved], short)).toBe('2026-06-01T08:00:00.000Z');
    expect(nextOf('2026-03-03T00:00:00Z', [{ ...moved, cancelled: true }], short)).toBeNull();
  });

  it('counts a cancelled date in COUNT, as a library does', () => {
    const rrule = 'FREQ=DAILY;COUNT=5';
    const set = new RRuleSet();
    set.rrule(new RRule({ ...RRule.parseString(rrule), dtstart: new Date(weekly.startsAt) }));
    set.exdate(new Date('2026-03-04T08:00:00Z'));
    const cancelled = [change('2026-03-04T08:00:00.000Z', { cancelled: true })];
    const schedule = { ...weekly, timeZone: 'UTC', rrule };
    expect(starts(schedule, cancelled, weekly.startsAt, 10)).toEqual(
      set.all().map((each) => each.toISOString()),
    );
  });

  it('names a date in a skipped hour by the start that it really has', () => {
    const night = { ...weekly, startsAt: '2026-03-27T01:30:00.000Z', rrule: 'FREQ=DAILY' };
    // 02:30 does not exist in Madrid on 29 March: the date starts at 03:30, which is 01:30 UTC.
    const cancelled = [change('2026-03-29T01:30:00.000Z', { cancelled: true })];
    expect(starts(night, cancelled, '2026-03-28T00:00:00Z', 2)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });
});

describe('changes of dates, when the series changes', () => {
  const changes = [
    change('2026-03-09T08:00:00.000Z', { cancelled: true }),
    change('2026-03-30T07:00:00.000Z', { name: 'Review' }),
  ];

  it('stay when its duration or its end changes, for dates that it still has', () => {
    expect(keptChanges(weekly, { ...weekly, durationSeconds: 60 }, changes)).toEqual(changes);
    expect(keptChanges(weekly, { ...weekly, rrule: 'BYDAY=MO;FREQ=WEEKLY;COUNT=9' }, changes)).toEqual(
      changes,
    );
    const ended = { ...weekly, rrule: 'FREQ=WEEKLY;BYDAY=MO;UNTIL=20260320T000000Z' };
    expect(keptChanges(weekly, ended, changes)).toEqual([changes[0]]);
  });

  it.each([
    ['its start', { ...weekly, startsAt: '2026-03-02T08:30:00.000Z' }],
    ['its time zone', { ...weekly, timeZone: 'Europe/Paris' }],
    ['its rule', { ...weekly, rrule: 'FREQ=WEEKLY;BYDAY=MO,TU' }],
    ['that it is a series', { ...weekly, rrule: undefined }],
    ['that it exists', null],
  ])('are dropped with a change of %s', (_what, after) => {
    expect(keptChanges(weekly, after, changes)).toEqual([]);
  });
});

describe('a rule with a count', () => {
  it.each([
    'FREQ=DAILY;COUNT=40',
    'FREQ=DAILY;INTERVAL=3;COUNT=17',
    'FREQ=WEEKLY;COUNT=11',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,MO,TH,SU;COUNT=13',
    'FREQ=WEEKLY;WKST=SU;BYDAY=SU,WE;COUNT=12',
    'FREQ=DAILY;BYDAY=MO,FR;COUNT=12',
    'FREQ=MONTHLY;BYDAY=2TU;COUNT=8',
  ])('has the same dates from every day on: %s', (rrule) => {
    for (let weekday = 0; weekday < 7; weekday++) {
      const startsAt = new Date(Date.UTC(2026, 2, 2 + weekday, 8)).toISOString();
      const schedule = { ...weekly, timeZone: 'UTC', startsAt, rrule };
      const all = starts(schedule, [], startsAt, 1_000);
      expect(all).toHaveLength(Number(/COUNT=(\d+)/.exec(rrule)![1]));
      for (let day = 0; day < 300; day += 4) {
        const from = new Date(Date.parse(startsAt) + day * 86_400_000).toISOString();
        expect(starts(schedule, [], from, 1_000)).toEqual(all.filter((each) => each >= from));
      }
    }
  });

  it('is searched from near the time that is asked for, also with a high count', () => {
    const schedule = { ...weekly, startsAt: '2024-01-01T09:00:00.000Z', rrule: 'FREQ=DAILY;COUNT=999' };
    const timeOf = (rrule: string) => {
      const usedBefore = process.cpuUsage();
      for (let round = 0; round < 200; round++)
        nextStart({ ...schedule, rrule }, Date.parse('2026-09-01T00:00:00Z'));
      return process.cpuUsage(usedBefore).user;
    };
    timeOf('FREQ=DAILY');
    expect(timeOf('FREQ=DAILY;COUNT=999')).toBeLessThan(5 * timeOf('FREQ=DAILY') + 20_000);
  });
});
