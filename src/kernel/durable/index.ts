export { Alarm, type AlarmHost, type AlarmStorage } from './alarm.ts';
export { DueList } from './due-list.ts';
export type { KeyValueStorage } from './key-values.ts';
export { selectRow, selectRows, type Sql, SqlKeyValues, type SqlValue } from './sql.ts';
