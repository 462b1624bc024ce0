export { type Cron, nextCronMoment, parseCron } from './cron.rules.ts';
export { occurrences, parseRecurrence } from './recurrence.rules.ts';
export { isRecurrence, isScheduledStart, type Schedule } from './schedule.rules.ts';
export {
  compareOccurrences,
  keptChanges,
  nextStart,
  type Occurrence,
  occurrenceAt,
  type OccurrenceChange,
  occurrencesOf,
} from './series.rules.ts';
