export { holdStorage } from './storage.queries.ts';
