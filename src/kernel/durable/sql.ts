export type SqlValue = string | number | null;

/** The synchronous SQLite of an object's storage: all that one turn writes becomes durable together. */
export interface Sql {
  exec(query: string, ...bindings: SqlValue[]): Iterable<Record<string, unknown>>;
}

/** The rows of a query; the caller knows their columns. */
export const selectRows = (sql: Sql, query: string, ...bindings: SqlValue[]): object[] =>
  Array.from(sql.exec(query, ...bindings));

/** The first row of a query; undefined when there is none. */
export function selectRow(sql: Sql, query: string, ...bindings: SqlValue[]): object | undefined {
  return selectRows(sql, query, ...bindings)[0];
}

/** Small values by their name. */
export class SqlKeyValues {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec('create table if not exists meta (name text primary key, value text not null) without rowid');
  }

  get(name: string): string | undefined {
    const row = selectRow(this.#sql, 'select value from meta where name = ?', name);
    return (row as { value: string } | undefined)?.value;
  }

  getNumber(name: string): number {
    return Number(this.get(name) ?? 0);
  }

  set(name: string, value: string | number): void {
    this.#sql.exec('insert or replace into meta (name, value) values (?, ?)', name, String(value));
  }
}
