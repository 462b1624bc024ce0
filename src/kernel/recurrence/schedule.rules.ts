import { LAST_MOMENT_MS } from '../core/index.ts';
import { occurrences, parseRecurrence } from './recurrence.rules.ts';
import { wallClockOf } from './wall-clock.rules.ts';

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

/** The starts of a schedule from `fromMs` on, in order, in milliseconds since the epoch. Can be without end. */
export function* scheduledStarts({ startsAt, timeZone, rrule }: Schedule, fromMs: number): Generator<number> {
  const firstMs = Date.parse(startsAt);
  const rule = rrule === undefined ? null : parseRecurrence(rrule);
  if (!rule) {
    if (firstMs >= fromMs) yield firstMs;
    return;
  }
  const wallClock = wallClockOf(timeZone);
  const startWallMs = wallClock.toWallClock(firstMs);
  const startDay = Math.floor(startWallMs / DAY_MS);
  const fromDay = Math.floor(wallClock.toWallClock(Math.max(fromMs, firstMs)) / DAY_MS);
  for (const day of occurrences(rule, startDay, fromDay)) {
    // The first start is given as an instant, which also decides between the two readings of a repeated hour.
    const atMs = day === startDay ? firstMs : wallClock.toInstant(startWallMs + (day - startDay) * DAY_MS);
    if (atMs > LAST_MOMENT_MS || (rule.untilMs !== null && atMs > rule.untilMs)) return;
    if (atMs >= fromMs) yield atMs;
  }
}

/** Whether a schedule has an occurrence that starts at this moment. */
export const isScheduledStart = (schedule: Schedule, startMs: number): boolean =>
  scheduledStarts(schedule, startMs).next().value === startMs;
