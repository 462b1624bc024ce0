export { createdAt, id, moment, updatedAt, version, word, wordCheck } from './columns.ts';
export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type DbScope,
  type Queries,
  type Statement,
  systemScope,
  type Transaction,
} from './database.ts';
export { violatedUnique } from './db.errors.ts';
export { mustChange, mustHold } from './guard.ts';
