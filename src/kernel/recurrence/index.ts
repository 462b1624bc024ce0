export { occurrences, parseRecurrence } from './recurrence.rules.ts';
export { isRecurrence, isTimeZone, nextStart, type Schedule } from './schedule.rules.ts';
