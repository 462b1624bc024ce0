import { wallClockOf } from './wall-clock.rules.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** 29 February comes again within eight years. */
const SEARCHED_DAYS = 8 * 366;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The fields of an expression in their order, with what they may hold; 7 is Sunday, too. */
const FIELDS = [
  { first: 0, last: 59, names: [] },
  { first: 0, last: 23, names: [] },
  { first: 1, last: 31, names: [] },
  { first: 1, last: 12, names: MONTHS },
  { first: 0, last: 7, names: WEEKDAYS },
] as const satisfies readonly { first: number; last: number; names: readonly string[] }[];

/** A cron expression of five fields: minute, hour, day of the month, month, day of the week. */
export interface Cron {
  minutes: readonly number[];
  hours: readonly number[];
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** Both kinds of days are named: one of them is enough. */
  eitherDay: boolean;
}

type Field = (typeof FIELDS)[number];

function parseNumber(text: string, { first, names }: Field): number {
  const place = (names as readonly string[]).indexOf(text.toUpperCase());
  if (place !== -1) return place + (names === MONTHS ? first : 0);
  return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
}

/** The numbers of one item of a list: `*`, a number or a range, each with an optional step. Null when it is none of them. */
function parseItem(item: string, field: Field): number[] | null {
  const [range = '', step = '1', ...rest] = item.split('/');
  const [from = '', to, ...more] = range.split('-');
  const isAll = range === '*';
  const first = isAll ? field.first : parseNumber(from, field);
  const last =
    isAll || (to === undefined && item.includes('/')) ? field.last : parseNumber(to ?? from, field);
  const isValid = first >= field.first && last <= field.last && first <= last;
  if (!isValid || !/^[1-9]\d?$/.test(step) || rest.length > 0 || more.length > 0) return null;
  const numbers: number[] = [];
  for (let number = first; number <= last; number += Number(step)) numbers.push(number);
  return numbers;
}

function parseField(text: string, field: Field): number[] | null {
  const items = text.split(',').map((item) => parseItem(item, field));
  const numbers = items.flatMap((item) => item ?? []);
  return items.includes(null) ? null : [...new Set(numbers)].sort((a, b) => a - b);
}

/** Reads a cron expression; null when it is none. Months and weekdays have English names, `JAN` and `MON`. */
export function parseCron(text: string): Cron | null {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return null;
  const [minutes, hours, days, months, weekdays] = parts.map((part, index) =>
    parseField(part, FIELDS[index]!),
  );
  if (!minutes || !hours || !days || !months || !weekdays) return null;
  return {
    minutes,
    hours,
    days: new Set(days),
    months: new Set(months),
    weekdays: new Set(weekdays.map((weekday) => weekday % 7)),
    eitherDay: !parts[2]!.startsWith('*') && !parts[4]!.startsWith('*'),
  };
}

function isOn({ days, months, weekdays, eitherDay }: Cron, wallMs: number): boolean {
  const date = new Date(wallMs);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [onDay, onWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return eitherDay ? onDay || onWeekday : onDay && onWeekday;
}

/**
 * The first moment after `afterMs` at which the expression holds on the wall clock of the time zone; null when there is none,
 * as on a 30 February. A time that is skipped comes as many minutes after the change; one that comes twice counts once, the
 * first time.
 */
export function nextCronMoment(cron: Cron, timeZone: string, afterMs: number): number | null {
  const { toWallClock, toInstant } = wallClockOf(timeZone);
  const today = Math.floor(toWallClock(afterMs) / DAY_MS);
  // From the day before: where clocks are put back over midnight, its last hour comes again.
  for (let day = today - 1; day <= today + SEARCHED_DAYS; day++) {
    if (!isOn(cron, day * DAY_MS)) continue;
    const moments = cron.hours.flatMap((hour) =>
      cron.minutes.map((minute) => toInstant(day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS)),
    );
    // In order, though a time that was moved on may come after a later one.
    const next = Math.min(...moments.filter((moment) => moment > afterMs));
    if (next !== Infinity) return next;
  }
  return null;
}
