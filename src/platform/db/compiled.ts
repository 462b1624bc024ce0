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

type Filler<V> = (values: V) => unknown;

/**
 * What goes where a parameter is. Drizzle has one too, which has a column write a null, and not every column can; and it
 * asks anew each time what a parameter is.
 */
function fillerOf<V>(param: unknown): Filler<V> {
  const place: unknown = is(param, Param) ? param.value : param;
  if (!is(place, Placeholder)) return () => param;
  const name = place.name as keyof V;
  if (!is(param, Param)) return (values) => values[name];
  return (values) => (values[name] === null ? null : param.encoder.mapToDriverValue(values[name]));
}

/**
 * A statement whose text is written once in the life of an isolate and filled in at each use: for the few that are run
 * all the time, where writing the text would cost more than sending it. `build` sees places instead of values, so it
 * cannot depend on them; a place that takes a `Date` or JSON must stand where a column says how that is written.
 */
export function compiled<V extends object, S extends Statement>(
  build: (q: Queries, places: Places<V>) => S,
): (q: Queries, values: V) => S {
  let written: { prepared: Prepared; text: string; fillers: Filler<V>[] } | undefined;
  const places = new Proxy({} as Places<V>, {
    get: (_, name) => sql.placeholder(String(name)),
  });
  const write = (q: Queries) => {
    const prepared = (build(q, places) as unknown as Preparable)._prepare();
    const { sql: text, params } = prepared.getQuery();
    return { prepared, text, fillers: params.map((param) => fillerOf<V>(param)) };
  };
  return (q, values) => {
    const { prepared, text, fillers } = (written ??= write(q));
    const query = { sql: text, params: fillers.map((filler) => filler(values)) };
    // Everything but the values is the prepared statement's own: how it is answered, how its rows are read.
    const statement = Object.assign(Object.create(prepared) as Prepared, { getQuery: () => query });
    return { _prepare: () => statement } as unknown as S;
  };
}
