export { occurrences, parseRecurrence } from './recurrence.rules.ts';
export { isRecurrence, nextStart, type Schedule } from './schedule.rules.ts';
