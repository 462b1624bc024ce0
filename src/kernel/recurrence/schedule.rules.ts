import { LAST_MOMENT_MS } from '../core/index.ts';
import { occurrences, parseRecurrence } from './recurrence.rules.ts';

const DAY_MS = 86_400_000;

/** When something is meant to take place, once or repeatedly. */
export interface Schedule {
  /** ISO 8601, UTC. */
  startsAt: string;
  durationSeconds: number;
  /** IANA name of the time zone whose wall clock the recurrence follows. */
  timeZone: string;
  /** Recurrence rule of RFC 5545 without DTSTART; absent for a single occurrence. */
  rrule?: string | undefined;
}

export const isRecurrence = (text: string): boolean => parseRecurrence(text) !== null;

/** Converts between instants and a time zone's wall clock, whose time is expressed as if it were UTC. */
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
  const toWallClock = (ms: number): number => {
    const parts = Object.fromEntries(
      format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
    );
    const { year, month, day, hour, minute, second } = parts as Record<string, number>;
    return Date.UTC(year!, month! - 1, day, hour, minute, second);
  };
  /**
   * The instant at which the wall clock shows the time. Where clocks are put back it is the first of the two; where they
   * are put forward over it, it lies as many minutes after the change as the time lies after the start of the gap.
   */
  const toInstant = (wallMs: number): number => {
    const before = wallMs - (toWallClock(wallMs - DAY_MS) - (wallMs - DAY_MS));
    if (toWallClock(before) === wallMs) return before;
    const after = wallMs - (toWallClock(wallMs + DAY_MS) - (wallMs + DAY_MS));
    return toWallClock(after) === wallMs ? after : before;
  };
  return { toWallClock, toInstant };
}

/**
 * The start of the current or next occurrence, in milliseconds since the epoch: an occurrence counts until its duration
 * is over. Null when there is none.
 */
export function nextStart(schedule: Schedule, nowMs: number): number | null {
  const { startsAt, durationSeconds, timeZone, rrule } = schedule;
  const firstMs = Date.parse(startsAt);
  const earliestMs = nowMs - durationSeconds * 1000;
  const rule = rrule === undefined ? null : parseRecurrence(rrule);
  if (!rule) return firstMs > earliestMs ? firstMs : null;
  const wallClock = wallClockOf(timeZone);
  const startWallMs = wallClock.toWallClock(firstMs);
  const startDay = Math.floor(startWallMs / DAY_MS);
  const fromDay = Math.floor(wallClock.toWallClock(Math.max(earliestMs, firstMs)) / DAY_MS);
  for (const day of occurrences(rule, startDay, fromDay)) {
    // The first start is given as an instant, which also decides between the two readings of a repeated hour.
    const atMs = day === startDay ? firstMs : wallClock.toInstant(startWallMs + (day - startDay) * DAY_MS);
    if (atMs > LAST_MOMENT_MS || (rule.untilMs !== null && atMs > rule.untilMs)) return null;
    if (atMs > earliestMs) return atMs;
  }
  return null;
}
