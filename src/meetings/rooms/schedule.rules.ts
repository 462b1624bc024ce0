import { RRule } from 'rrule';
import type { RoomSchedule } from './rooms.words.ts';

const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^([1-9]\d{0,2})$/,
  COUNT: /^([1-9]\d{0,2})$/,
  UNTIL: /^\d{8}T\d{6}Z$/,
  BYDAY: /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)){0,6}$/,
  BYMONTHDAY: /^-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01])){0,30}$/,
  BYMONTH: /^([1-9]|1[0-2])(,([1-9]|1[0-2])){0,11}$/,
  BYSETPOS: /^-?[1-9]\d{0,2}$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/**
 * Whether the text is a recurrence rule that meetings have: daily to yearly, by day, month and position (RFC 5545).
 * The library would take anything; what it makes of an unknown word or an interval of 0 never ends.
 */
export function isRecurrence(text: string): boolean {
  const parts = text.split(';').map((part) => part.split('='));
  const names = parts.map(([name]) => name);
  return (
    names.includes('FREQ') &&
    new Set(names).size === names.length &&
    !(names.includes('COUNT') && names.includes('UNTIL')) &&
    parts.every(([name, value, ...rest]) => rest.length === 0 && PARTS[name!]?.test(value ?? '') === true)
  );
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What the clock on the wall shows at a moment, as if it were UTC: the form in which recurrences are reckoned. */
function wallClock(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs);
  const part = (type: string) => Number(parts.find((each) => each.type === type)!.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The moment at which the wall shows it; in the hour that a change of time skips, the moment after the change. */
function momentOf(wallMs: number, timeZone: string): number {
  const guess = wallMs - (wallClock(wallMs, timeZone) - wallMs);
  return guess - (wallClock(guess, timeZone) - wallMs);
}

/**
 * When the room is to be used next, at or after `nowMs`; a meeting that is under way counts as the next one until it is
 * over. Null when there is none any more.
 */
export function nextStart(schedule: RoomSchedule, nowMs: number): number | null {
  const { startsAt, durationSeconds, timeZone, rrule } = schedule;
  const firstMs = Date.parse(startsAt);
  const earliestMs = nowMs - durationSeconds * 1000;
  if (rrule === undefined) return firstMs > earliestMs ? firstMs : null;
  const options = RRule.parseString(rrule);
  // UNTIL is a moment, the recurrence a wall clock: both have to be on the wall.
  const until = options.until ? new Date(wallClock(options.until.getTime(), timeZone)) : null;
  const rule = new RRule({ ...options, until, dtstart: new Date(wallClock(firstMs, timeZone)) });
  const next = rule.after(
    new Date(wallClock(Math.max(earliestMs, firstMs - 1), timeZone)),
    firstMs > earliestMs,
  );
  return next ? momentOf(next.getTime(), timeZone) : null;
}
