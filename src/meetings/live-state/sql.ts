export type SqlValue = string | number | null;

/** The synchronous SQLite of an object's storage: all that one turn writes becomes durable together. */
export interface Sql {
  exec(query: string, ...bindings: SqlValue[]): Iterable<Record<string, unknown>>;
}

/** The rows of a query. */
export const rowsOf = <R>(sql: Sql, query: string, ...bindings: SqlValue[]): R[] =>
  Array.from(sql.exec(query, ...bindings)) as R[];

/** The first row of a query; undefined when there is none. */
export function rowOf<R>(sql: Sql, query: string, ...bindings: SqlValue[]): R | undefined {
  return rowsOf<R>(sql, query, ...bindings)[0];
}

/** Small values by their name. */
export class Meta {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec('create table if not exists meta (name text primary key, value text not null) without rowid');
  }

  get(name: string): string | undefined {
    return rowOf<{ value: string }>(this.#sql, 'select value from meta where name = ?', name)?.value;
  }

  number(name: string): number {
    return Number(this.get(name) ?? 0);
  }

  set(name: string, value: string | number): void {
    this.#sql.exec('insert or replace into meta (name, value) values (?, ?)', name, String(value));
  }
}
