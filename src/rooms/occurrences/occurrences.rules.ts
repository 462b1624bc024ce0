import {
  isScheduledStart,
  type Occurrence,
  occurrenceAt,
  type OccurrenceChange,
  type Schedule,
} from '../../kernel/recurrence/index.ts';
import type { Room } from '../rooms/index.ts';
import { occurrenceErrors } from './occurrences.errors.ts';
import type { ChangeOccurrence } from './occurrences.schemas.ts';

/** How many occurrences of a schedule can differ from it at once. */
const MAX_CHANGES = 100;

/** @throws AppError `occurrences.not_found` of a room without a schedule, or `occurrences.not_recurring` */
export function requireSeries({ schedule }: Room): Schedule {
  if (!schedule) throw occurrenceErrors.notFound();
  if (!schedule.rrule) throw occurrenceErrors.notRecurring();
  return schedule;
}

export const changeOf = ({ scheduleChanges }: Room, originalStartsAt: string): OccurrenceChange | undefined =>
  scheduleChanges.find((each) => each.originalStartsAt === originalStartsAt);

/** The occurrence of the room's schedule that it names. @throws AppError `occurrences.not_found` */
export function requireOccurrenceAt(room: Room, originalStartsAt: string): Occurrence {
  const startMs = Date.parse(originalStartsAt);
  if (!room.schedule || !isScheduledStart(room.schedule, startMs)) throw occurrenceErrors.notFound();
  return occurrenceAt(room.schedule, startMs, changeOf(room, originalStartsAt));
}

/** The change of an occurrence after `input`; undefined when nothing of it differs from the schedule. */
export function mergeChange(
  before: OccurrenceChange | undefined,
  originalStartsAt: string,
  { status, startsAt, ...given }: ChangeOccurrence,
): OccurrenceChange | undefined {
  const unchanged = { originalStartsAt, cancelled: false, startsAt: null, durationSeconds: null, name: null };
  const change = {
    ...(before ?? unchanged),
    ...given,
    ...(startsAt === undefined ? {} : { startsAt: startsAt === originalStartsAt ? null : startsAt }),
    ...(status === undefined ? {} : { cancelled: status === 'cancelled' }),
  };
  const { cancelled, startsAt: movedTo, durationSeconds, name } = change;
  return !cancelled && movedTo === null && durationSeconds === null && name === null ? undefined : change;
}

/**
 * The changes of a room's schedule with that of one occurrence replaced, in the order of their original starts.
 * @throws AppError `occurrences.too_many_changes`
 */
export function replaceChange(
  { scheduleChanges }: Room,
  originalStartsAt: string,
  change: OccurrenceChange | undefined,
): OccurrenceChange[] {
  const others = scheduleChanges.filter((each) => each.originalStartsAt !== originalStartsAt);
  if (!change) return others;
  if (others.length >= MAX_CHANGES) throw occurrenceErrors.tooManyChanges();
  return [...others, change].toSorted((a, b) => (a.originalStartsAt < b.originalStartsAt ? -1 : 1));
}
