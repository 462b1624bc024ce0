import { type DueList, selectRow, selectRows, type Sql } from '../../kernel/durable/index.ts';

/**
 * Moves the tasks of rooms that were stored before the due list of the kernel was used: a table with one row for each name.
 * Such a room wakes within a day, so this can be removed a day after its deployment.
 */
export function moveDueTable(sql: Sql, due: DueList): void {
  const table = selectRow(sql, `select 1 as one from sqlite_master where type = 'table' and name = 'due'`);
  if (!table) return;
  const rows = selectRows(sql, 'select name, at_ms as atMs from due') as { name: string; atMs: number }[];
  for (const { name, atMs } of rows) due.addEarliest(atMs, name);
  sql.exec('drop table due');
}
