export { LOST_AFTER_MS, readEndedAnswer, textOf } from './read-ended-answer.ts';
