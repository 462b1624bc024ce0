import type { SpanOptions, Trace } from '../core/index.ts';
import type { Database, DbScope, Queries, Statement, Transaction } from '../db/index.ts';

type Batch = readonly [Statement, ...Statement[]];

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

/** The database as one trace uses it: each round trip becomes a child span. */
export class TracedDatabase implements Database {
  readonly #database: Database;
  readonly #trace: Trace;
  readonly #options: { onRoundTrip?(): void };

  /** @param options `onRoundTrip` is called on each round trip */
  constructor(database: Database, trace: Trace, options: { onRoundTrip?(): void } = {}) {
    this.#database = database;
    this.#trace = trace;
    this.#options = options;
  }

  get breaker(): Database['breaker'] {
    return this.#database.breaker;
  }

  read<const T extends Batch>(scope: DbScope, build: (q: Queries) => T) {
    return this.#runSpan(SPANS.read, () => this.#database.read(scope, build));
  }

  commit(scope: DbScope, build: (q: Queries) => readonly Statement[]): Promise<void> {
    return this.#runSpan(SPANS.commit, () => this.#database.commit(scope, build));
  }

  transaction<T>(scope: DbScope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#runSpan(SPANS.transaction, () => this.#database.transaction(scope, work));
  }

  #runSpan<T>(span: SpanOptions, work: () => Promise<T>): Promise<T> {
    this.#options.onRoundTrip?.();
    return this.#trace.span(span, work);
  }
}
