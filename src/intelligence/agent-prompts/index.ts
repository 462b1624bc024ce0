export { type Asked, HISTORY_MESSAGES, numbered, promptOf } from './prompt.rules.ts';
