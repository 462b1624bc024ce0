import { is, Param, Placeholder, type Query, sql } from 'drizzle-orm';
import type { Queries, Statement } from './database.ts';

/** What a batch asks of a statement. Drizzle has it, and does not show it in its types. */
interface Prepared {
  getQuery(): Query;
}
interface Preparable {
  _prepare(): Prepared;
}

/** The places that a compiled statement leaves open, by name. */
export type Places<V> = { [K in keyof V]: Placeholder };

/** What goes where a parameter was. Drizzle's own has a column write a null, which not every column can. */
function fill(param: unknown, values: Record<string, unknown>): unknown {
  const place: unknown = is(param, Param) ? param.value : param;
  if (!is(place, Placeholder)) return param;
  const value = values[place.name];
  return is(param, Param) && value !== null ? param.encoder.mapToDriverValue(value) : value;
}

/**
 * A statement whose text is written once in the life of an isolate and filled in at each use: for the few that are run
 * all the time, where writing the text would cost more than sending it. `build` sees places instead of values, so it
 * cannot depend on them; a place that takes a `Date` or JSON must stand where a column says how that is written.
 */
export function compiled<V extends object, S extends Statement>(
  build: (q: Queries, places: Places<V>) => S,
): (q: Queries, values: V) => S {
  let written: Prepared | undefined;
  const places = new Proxy({} as Places<V>, {
    get: (_, name) => sql.placeholder(String(name)),
  });
  return (q, values) => {
    const prepared = (written ??= (build(q, places) as unknown as Preparable)._prepare());
    const { sql: text, params } = prepared.getQuery();
    const filled = {
      sql: text,
      params: params.map((param) => fill(param, values as Record<string, unknown>)),
    };
    // Everything but the values is the prepared statement's own: how it is answered, how its rows are read.
    const statement = Object.assign(Object.create(prepared) as Prepared, { getQuery: () => filled });
    return { _prepare: () => statement } as unknown as S;
  };
}
