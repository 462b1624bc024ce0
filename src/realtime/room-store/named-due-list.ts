import { selectRow, selectRows, type Sql } from './sql.ts';

/** What is due when, by name: many alarms over one. */
export class NamedDueList {
  readonly #sql: Sql;
  readonly #onAdded: (atMs: number) => void;

  /** @param onAdded hears of every new entry, so that the one alarm is never later than the first of them */
  constructor(sql: Sql, onAdded: (atMs: number) => void) {
    this.#sql = sql;
    this.#onAdded = onAdded;
    sql.exec('create table if not exists due (name text primary key, at_ms integer not null) without rowid');
  }

  /** At this time, unless it is due earlier. */
  add(name: string, atMs: number): void {
    const row = selectRow(this.#sql, 'select at_ms as atMs from due where name = ?', name);
    const currentAtMs = (row as { atMs: number } | undefined)?.atMs;
    if (currentAtMs !== undefined && currentAtMs <= atMs) return;
    this.#sql.exec('insert or replace into due (name, at_ms) values (?, ?)', name, atMs);
    this.#onAdded(atMs);
  }

  cancel(name: string): void {
    this.#sql.exec('delete from due where name = ?', name);
  }

  /** Removes and returns what is due, the earliest first. */
  take(nowMs: number): string[] {
    const rows = selectRows(this.#sql, 'select name from due where at_ms <= ? order by at_ms', nowMs) as {
      name: string;
    }[];
    if (rows.length > 0) this.#sql.exec('delete from due where at_ms <= ?', nowMs);
    return rows.map(({ name }) => name);
  }

  /** When the first entry is due; null when there is none. */
  next(): number | null {
    const row = selectRow(this.#sql, 'select min(at_ms) as atMs from due');
    return (row as { atMs: number | null }).atMs;
  }
}
