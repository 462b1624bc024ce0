export { holdMinutes } from './minutes.queries.ts';
