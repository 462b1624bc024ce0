import { occurrences, parseRecurrence } from './recurrence.rules.ts';
import type { RoomSchedule } from './rooms.enums.ts';

const DAY_MS = 86_400_000;

export const isRecurrence = (text: string): boolean => parseRecurrence(text) !== null;

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A time zone's clock on the wall, read as if it were UTC: the form in which recurrences are reckoned. */
function wallClockOf(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  /** What the wall shows at a moment. */
  const at = (ms: number): number => {
    const parts = Object.fromEntries(
      format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
    );
    const { year, month, day, hour, minute, second } = parts as Record<string, number>;
    return Date.UTC(year!, month! - 1, day, hour, minute, second);
  };
  /**
   * The moment at which the wall shows it: the first of two where the clock is put back; where it is put forward over
   * it, as many minutes after the change as it lies after the beginning of what was left out.
   */
  const momentOf = (wallMs: number): number => {
    const before = wallMs - (at(wallMs - DAY_MS) - (wallMs - DAY_MS));
    if (at(before) === wallMs) return before;
    const after = wallMs - (at(wallMs + DAY_MS) - (wallMs + DAY_MS));
    return at(after) === wallMs ? after : before;
  };
  return { at, momentOf };
}

/**
 * When the room is to be used next, at or after `nowMs`; a meeting that is under way counts as the next one until it is
 * over. Null when there is none any more.
 */
export function nextStart(schedule: RoomSchedule, nowMs: number): number | null {
  const { startsAt, durationSeconds, timeZone, rrule } = schedule;
  const firstMs = Date.parse(startsAt);
  const earliestMs = nowMs - durationSeconds * 1000;
  const rule = rrule === undefined ? null : parseRecurrence(rrule);
  if (!rule) return firstMs > earliestMs ? firstMs : null;
  const wallClock = wallClockOf(timeZone);
  const startWallMs = wallClock.at(firstMs);
  const startDay = Math.floor(startWallMs / DAY_MS);
  const fromDay = Math.floor(wallClock.at(Math.max(earliestMs, firstMs)) / DAY_MS);
  for (const day of occurrences(rule, startDay, fromDay)) {
    // The first one is where it was said to be, also in an hour that comes twice.
    const atMs = day === startDay ? firstMs : wallClock.momentOf(startWallMs + (day - startDay) * DAY_MS);
    if (rule.untilMs !== null && atMs > rule.untilMs) return null;
    if (atMs > earliestMs) return atMs;
  }
  return null;
}
