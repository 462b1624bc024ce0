import type { SpanOptions, Trace } from '../core/index.ts';
import type { Credential, Database, DbScope, Queries, Statement, Transaction } from '../db/index.ts';

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

export interface ActorDatabaseOptions {
  /** Called on each round trip. */
  onRoundTrip?(): void;
  /** The credential that each batch proves; undefined for an actor without one. */
  credential?(): Credential | undefined;
}

/** The database as one actor and trace use it: each round trip proves the credential and becomes a child span. */
export class ActorDatabase implements Database {
  readonly #database: Database;
  readonly #trace: Trace;
  readonly #options: ActorDatabaseOptions;

  constructor(database: Database, trace: Trace, options: ActorDatabaseOptions = {}) {
    this.#database = database;
    this.#trace = trace;
    this.#options = options;
  }

  get breaker(): Database['breaker'] {
    return this.#database.breaker;
  }

  read<const T extends Batch>(scope: DbScope, build: (q: Queries) => T) {
    return this.#runSpan(SPANS.read, () => this.#database.read(this.#prove(scope), build));
  }

  commit(scope: DbScope, build: (q: Queries) => readonly Statement[]): Promise<void> {
    return this.#runSpan(SPANS.commit, () => this.#database.commit(this.#prove(scope), build));
  }

  transaction<T>(scope: DbScope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#runSpan(SPANS.transaction, () => this.#database.transaction(this.#prove(scope), work));
  }

  #prove(scope: DbScope): DbScope {
    const credential = this.#options.credential?.();
    if (!credential) return scope;
    return {
      ...scope,
      credential: {
        ...credential,
        ...(scope.holdCredential ? { hold: true } : {}),
        ...(scope.ignoresPlan ? { plan: undefined } : {}),
      },
    };
  }

  #runSpan<T>(span: SpanOptions, work: () => Promise<T>): Promise<T> {
    this.#options.onRoundTrip?.();
    return this.#trace.span(span, work);
  }
}
