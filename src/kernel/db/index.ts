export { createdAt, id, utcTimestamp, updatedAt, version, enumColumn, enumCheck } from './columns.ts';
export {
  createDatabase,
  type Credential,
  type Database,
  type DatabaseOptions,
  type DbScope,
  type Queries,
  type ReadRows,
  type Statement,
  systemScope,
  systemScopeOf,
  type Transaction,
} from './database.ts';
export { isRowRefused, isValueRefused, violatedUniqueConstraint } from './db.errors.ts';
export { mustChange, mustHold, selectNothing } from './guard.ts';
export { inOrder, inTurn, isAfter, isBefore, isInRange } from './keyset.ts';
export {
  changeVersioned,
  changeVersionedBy,
  deleteVersioned,
  insertWithin,
  isUnchanged,
} from './versioned.ts';
