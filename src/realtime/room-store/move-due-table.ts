import { type DueList, selectRow, selectRows, type Sql } from '../../kernel/durable/index.ts';

/**
 * Rooms stored before they used the due list of the kernel kept their tasks in a table, one row for each name. Such a
 * room wakes within a day, because its first task is due by then: a day after the deployment of this it may go.
 */
export function moveDueTable(sql: Sql, due: DueList): void {
  const table = selectRow(sql, `select 1 as one from sqlite_master where type = 'table' and name = 'due'`);
  if (!table) return;
  const rows = selectRows(sql, 'select name, at_ms as atMs from due') as { name: string; atMs: number }[];
  for (const { name, atMs } of rows) due.addEarliest(atMs, name);
  sql.exec('drop table due');
}
