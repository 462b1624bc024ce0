const DAY_MS = 86_400_000;
/** A recurrence that has no occurrence for longer is treated as over. */
const MAX_GAP_DAYS = 3_660;

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const RULE_PARTS: Readonly<Record<string, RegExp>> = {
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

/** A calendar day: whole days since 1970-01-01, independent of the time zone. */
export type Day = number;

/** A recurrence rule (RFC 5545) from daily to yearly, by day, month and position. */
export interface Recurrence {
  frequency: (typeof FREQUENCIES)[number];
  interval: number;
  count: number | null;
  /** The last moment at which an occurrence can start, in milliseconds since the epoch. */
  untilMs: number | null;
  /** 0 is Monday. `nth` counts from 1, or from -1 backwards; null for every such weekday. */
  weekdays: readonly { nth: number | null; weekday: number }[];
  monthDays: readonly number[];
  /** From 1. */
  months: readonly number[];
  position: number | null;
  weekStart: number;
}

function parseUntil(text: string): number {
  const iso = text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const ms = Date.parse(iso);
  // The parser takes a 30th of February for the 2nd of March; writing it out again shows that.
  return Number.isNaN(ms) || new Date(ms).toISOString() !== iso ? Number.NaN : ms;
}

function buildRecurrence(parts: ReadonlyMap<string, string>): Recurrence {
  const list = (name: string) => parts.get(name)?.split(',') ?? [];
  const number = (name: string) => (parts.has(name) ? Number(parts.get(name)) : null);
  return {
    frequency: parts.get('FREQ') as Recurrence['frequency'],
    interval: number('INTERVAL') ?? 1,
    count: number('COUNT'),
    untilMs: parts.has('UNTIL') ? parseUntil(parts.get('UNTIL')!) : null,
    weekdays: list('BYDAY').map((each) => ({
      nth: each.length > 2 ? Number(each.slice(0, -2)) : null,
      weekday: WEEKDAYS.indexOf(each.slice(-2)),
    })),
    monthDays: list('BYMONTHDAY').map(Number),
    months: list('BYMONTH').map(Number),
    position: number('BYSETPOS'),
    weekStart: WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO'),
  };
}

/** Whether parts that are well-formed by themselves contradict each other by RFC 5545. */
function isContradictory(rule: Recurrence): boolean {
  const { frequency, count, untilMs, weekdays, monthDays, months, position } = rule;
  const selects = weekdays.length + monthDays.length + months.length > 0;
  return (
    (count !== null && untilMs !== null) ||
    Number.isNaN(untilMs) ||
    (weekdays.some(({ nth }) => nth !== null) && (frequency === 'DAILY' || frequency === 'WEEKLY')) ||
    (monthDays.length > 0 && frequency === 'WEEKLY') ||
    (position !== null && !selects)
  );
}

/** Parses a recurrence rule; null for any other text, and for rules by hour, by week number or by day of the year. */
export function parseRecurrence(text: string): Recurrence | null {
  const parts = text.split(';').map((part) => part.split('='));
  const isPart = ([name, value, ...rest]: string[]) =>
    rest.length === 0 && Object.hasOwn(RULE_PARTS, name!) && RULE_PARTS[name!]!.test(value ?? '');
  const wellFormed = parts.every(isPart) && new Set(parts.map(([name]) => name)).size === parts.length;
  const named = new Map(parts as [string, string][]);
  if (!wellFormed || !named.has('FREQ')) return null;
  const rule = buildRecurrence(named);
  return isContradictory(rule) ? null : rule;
}

const firstDayOfMonth = (year: number, month: number): Day => Date.UTC(year, month, 1) / DAY_MS;
const dateOf = (day: Day) => new Date(day * DAY_MS);
const weekdayOf = (day: Day) => (((day + 3) % 7) + 7) % 7;

/** Days of one period, from `first` up to `end`, which is not in it. */
interface DaySpan {
  first: Day;
  end: Day;
}

function monthSpan(year: number, month: number): DaySpan {
  return { first: firstDayOfMonth(year, month), end: firstDayOfMonth(year, month + 1) };
}

/** The spans of a period to search: all of it, or the months of a year that the rule names. */
function searchSpans(
  { frequency, months, monthDays, weekdays }: Recurrence,
  start: Day,
  period: DaySpan,
): DaySpan[] {
  if (frequency !== 'YEARLY') return [period];
  const year = dateOf(period.first).getUTCFullYear();
  if (months.length > 0) return months.toSorted((a, b) => a - b).map((month) => monthSpan(year, month - 1));
  return monthDays.length + weekdays.length > 0 ? [period] : [monthSpan(year, dateOf(start).getUTCMonth())];
}

/** Whether the rule names the day; "the second Monday" counts within the span. */
function matchesRule(rule: Recurrence, start: Day, day: Day, { first, end }: DaySpan): boolean {
  const { frequency, months, monthDays, weekdays } = rule;
  const date = dateOf(day);
  const [year, month, monthDay] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (months.length > 0 && !months.includes(month + 1)) return false;
  const fromEnd = day - firstDayOfMonth(year, month + 1);
  if (monthDays.length > 0 && !monthDays.includes(monthDay) && !monthDays.includes(fromEnd)) return false;
  if (weekdays.length > 0)
    return weekdays.some(({ nth, weekday }) => {
      if (weekday !== weekdayOf(day)) return false;
      if (nth === null) return true;
      return nth === (nth > 0 ? Math.floor((day - first) / 7) + 1 : -Math.floor((end - 1 - day) / 7) - 1);
    });
  if (monthDays.length > 0 || frequency === 'DAILY') return true;
  if (frequency === 'WEEKLY') return weekdayOf(day) === weekdayOf(start);
  return monthDay === dateOf(start).getUTCDate();
}

/** The period that lies `index` intervals after the period of the start. */
function periodAt({ frequency, interval, weekStart }: Recurrence, start: Day, index: number): DaySpan {
  const date = dateOf(start);
  const [year, steps] = [date.getUTCFullYear(), index * interval];
  if (frequency === 'DAILY') return { first: start + steps, end: start + steps + 1 };
  if (frequency === 'YEARLY')
    return { first: firstDayOfMonth(year + steps, 0), end: firstDayOfMonth(year + steps + 1, 0) };
  if (frequency === 'MONTHLY') return monthSpan(year, date.getUTCMonth() + steps);
  const first = start - ((weekdayOf(start) - weekStart + 7) % 7) + steps * 7;
  return { first, end: first + 7 };
}

/** The days of a period that the rule names, in order. */
function matchingDays(rule: Recurrence, start: Day, period: DaySpan): Day[] {
  const matching = searchSpans(rule, start, period).flatMap((span) => {
    const days: Day[] = [];
    for (let day = span.first; day < span.end; day++) if (matchesRule(rule, start, day, span)) days.push(day);
    return days;
  });
  const { position } = rule;
  if (position === null) return matching.filter((day) => day >= start);
  const selected = matching.at(position < 0 ? position : position - 1);
  // A position beyond the days of the period selects none.
  return selected === undefined || selected < start ? [] : [selected];
}

/** The index of a period that surely begins not after the day, computed with the longest possible periods. */
function periodIndexBefore({ frequency, interval }: Recurrence, start: Day, day: Day): number {
  const longest = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 }[frequency];
  return Math.max(0, Math.floor((day - start) / (longest * interval)) - 1);
}

/** The number of days that the rule names in each whole period, if it is the same in all of them; otherwise null. */
function daysPerPeriod({ frequency, weekdays, monthDays, months, position }: Recurrence): number | null {
  if (months.length + monthDays.length > 0 || position !== null) return null;
  if (frequency === 'DAILY') return weekdays.length === 0 ? 1 : null;
  return frequency === 'WEEKLY' ? Math.max(1, new Set(weekdays.map(({ weekday }) => weekday)).size) : null;
}

/** Where the search for days from `from` on begins: the index of a period, and how many days of the count are left. */
function searchStart(rule: Recurrence, start: Day, from: Day): { index: number; remaining: number } {
  const index = periodIndexBefore(rule, start, from);
  if (rule.count === null) return { index, remaining: Number.POSITIVE_INFINITY };
  const perPeriod = daysPerPeriod(rule);
  // A count of days that are spread unevenly has to be followed from the start.
  if (perPeriod === null || index === 0) return { index: 0, remaining: rule.count };
  const inFirstPeriod = matchingDays(rule, start, periodAt(rule, start, 0)).length;
  return { index, remaining: rule.count - inFirstPeriod - (index - 1) * perPeriod };
}

/**
 * The days of a recurrence from `from` on, in order. It ends after its count, or where it has no occurrence for more than
 * ten years: the search for a rule that names no day, such as every 30th of February, ends there.
 */
export function* occurrences(rule: Recurrence, start: Day, from: Day): Generator<Day> {
  let { index, remaining } = searchStart(rule, start, from);
  let last = index === 0 && rule.count !== null ? start : Math.max(start, from);
  for (; ; index++) {
    const period = periodAt(rule, start, index);
    if (period.first > last + MAX_GAP_DAYS) return;
    for (const day of matchingDays(rule, start, period)) {
      if (remaining-- <= 0) return;
      last = Math.max(last, day);
      if (day >= from) yield day;
    }
  }
}
