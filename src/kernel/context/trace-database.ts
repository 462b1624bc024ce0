import type { SpanOptions, Trace } from '../core/index.ts';
import type { Database } from '../db/index.ts';

const createDatabaseSpan = (operation: string): SpanOptions => ({
  name: `db.${operation}`,
  kind: 'client',
  attributes: { 'db.system.name': 'postgresql', 'db.operation.name': operation },
});
const SPANS = {
  read: createDatabaseSpan('read'),
  commit: createDatabaseSpan('commit'),
  transaction: createDatabaseSpan('transaction'),
};

/** Wraps the database so that each round trip becomes a child span of the trace. */
export function traceDatabase(database: Database, trace: Trace, onRoundTrip?: () => void): Database {
  return {
    ...database,
    read: (scope, build) => (onRoundTrip?.(), trace.span(SPANS.read, () => database.read(scope, build))),
    commit: (scope, build) => (
      onRoundTrip?.(),
      trace.span(SPANS.commit, () => database.commit(scope, build))
    ),
    transaction: (scope, work) => (
      onRoundTrip?.(),
      trace.span(SPANS.transaction, () => database.transaction(scope, work))
    ),
  };
}
