import type { BatchResponse } from 'drizzle-orm/batch';
import { type AuditEntry, auditStatement } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import {
  type Actor,
  actorId,
  actorOrganization,
  authErrors,
  type Clock,
  type ErrorFactory,
  type Ids,
  type Log,
  type SpanOptions,
  type Telemetry,
  type Trace,
  createUnrecordedTrace,
} from '../core/index.ts';
import type { Hasher, Signer, Vault } from '../crypto/index.ts';
import {
  type Database,
  type DbScope,
  type Queries,
  type Statement,
  violatedUniqueConstraint,
  systemScope,
} from '../db/index.ts';
import {
  selectIdempotencyRecord,
  type IdempotencyKey,
  idempotencyStatement,
  replayIfStored,
  type StoredReply,
} from '../idempotency/index.ts';
import { type DomainEvent, partitionOf, eventsStatement } from '../events/index.ts';

/**
 * What the world offers to verbs: live objects and providers, each as an interface. Rooms add theirs in
 * `<room>.ports.ts` by declaration merging; the doors' composition root supplies them all.
 */
// eslint-disable-next-line typescript/no-empty-object-type
export interface Ports {}

/** What an isolate holds: built once from the configuration. */
export interface Services {
  config: Config;
  clock: Clock;
  ids: Ids;
  log: Log;
  telemetry: Telemetry;
  database: Database;
  vault: Vault;
  signer: Signer;
  hasher: Hasher;
  ports: Ports;
}

/** Where a call comes from. */
export interface RequestOrigin {
  requestId: string;
  traceparent: string;
  ip: string | null;
  userAgent: string | null;
  /** Where the network says the caller is: AF, AN, AS, EU, NA, OC or SA; null when it does not know. */
  continent: string | null;
}

type ReadBatch = readonly [Statement, ...Statement[]];

/** One atomic change: the state, what is said about it, what shall follow from it, and the answer. */
export interface CommitRequest<R> {
  write: (q: Queries) => readonly Statement[];
  audit?: AuditEntry | AuditEntry[];
  events?: DomainEvent[];
  /** What the verb returns; kept with the state when the caller sent an idempotency key. */
  result: R;
  /** Which refusal a violated unique constraint stands for. */
  conflicts?: Record<string, ErrorFactory>;
  /** Another scope than the actor's own; each use states why. */
  scope?: DbScope;
  /** Who acts according to the audit, where this very change makes or proves the credential. */
  actor?: Actor;
  /** Goes with a refusal: no answer is kept for the idempotency key. */
  skipIdempotencyRecord?: boolean;
}

export interface Ctx extends Services {
  actor: Actor;
  /** The organization the credential is for. @throws AppError `auth.no_organization` when there is none */
  readonly organizationId: string;
  origin: RequestOrigin;
  /** Carries the trace on: give it to `outgoingFetch` for calls to providers. */
  trace: Trace;
  /** One round trip within the actor's organization, or within `scope`. */
  read<const T extends ReadBatch>(build: (q: Queries) => T, scope?: DbScope): Promise<BatchResponse<T>>;
  /** One round trip, all or nothing. */
  commit<R>(change: CommitRequest<R>): Promise<R>;
  /** Runs after the answer has gone out; its failure is logged and never changes the answer. */
  after(name: string, work: () => Promise<unknown>): void;
}

export interface CtxOptions {
  actor: Actor;
  origin: RequestOrigin;
  after: Ctx['after'];
  idempotency?: { key: IdempotencyKey; encode: (result: unknown) => StoredReply } | undefined;
  /** Called after a commit that wrote effects, with the lanes they wait in: pokes the outbox. */
  onEvents: (partitions: string[]) => void;
  /** Called for each round trip to the database. */
  onRoundTrip: () => void;
  /** Records spans; without it the origin's trace context is only passed on. */
  trace?: Trace | undefined;
}

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

/** The database as one trace sees it: each round trip is a child span. */
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

export function createCtx(
  services: Services,
  {
    actor,
    origin,
    after,
    idempotency,
    onEvents,
    onRoundTrip,
    trace = createUnrecordedTrace(origin.traceparent),
  }: CtxOptions,
): Ctx {
  const organizationId = actorOrganization(actor);
  // A job of no organization has no tenant to stay within; every other actor does.
  const actorScope: DbScope =
    actor.kind === 'system' && organizationId === null
      ? systemScope
      : { role: 'app', organizationId, userId: actorId(actor) };
  const { vault, clock, ids } = services;
  const database = traceDatabase(services.database, trace, onRoundTrip);
  let replayChecked = idempotency === undefined;

  const createAuditStatement = async (
    { audit = [], actor: auditActor = actor }: CommitRequest<unknown>,
    scope: DbScope,
  ) => {
    const entries = Array.isArray(audit) ? audit : [audit];
    if (entries.length === 0) return undefined;
    if (scope.organizationId === null) throw new Error('an audit entry needs an organization');
    const { requestId, ip, userAgent } = origin;
    return auditStatement(entries, {
      actor: auditActor,
      organizationId: scope.organizationId,
      requestId,
      ip,
      userAgent,
      nowMs: clock.now(),
      ids,
    });
  };

  return {
    ...services,
    database,
    actor,
    origin,
    trace,
    after,
    get organizationId() {
      if (organizationId === null) throw authErrors.noOrganization();
      return organizationId;
    },
    async read(build, scope = actorScope) {
      if (replayChecked || !idempotency) return database.read(scope, build);
      replayChecked = true;
      const results = await database.read(
        scope,
        (q) => [selectIdempotencyRecord(q, idempotency.key, new Date(clock.now())), ...build(q)] as const,
      );
      const [records, ...rest] = results as unknown as [
        { requestHash: string; reply: string }[],
        ...unknown[],
      ];
      await replayIfStored(records, idempotency.key, vault);
      return rest as BatchResponse<ReturnType<typeof build>>;
    },
    async commit(change) {
      const { write, events = [], result, conflicts = {}, scope = actorScope } = change;
      if (!replayChecked && idempotency) {
        replayChecked = true;
        const [records] = await database.read(scope, (q) => [
          selectIdempotencyRecord(q, idempotency.key, new Date(clock.now())),
        ]);
        await replayIfStored(records, idempotency.key, vault);
      }
      const nowMs = clock.now();
      const record =
        idempotency &&
        !change.skipIdempotencyRecord &&
        (await idempotencyStatement(idempotency.key, idempotency.encode(result), nowMs, vault));
      const audit = await createAuditStatement(change, scope);
      try {
        await database.commit(scope, (q) => [
          ...(record ? [record(q)] : []),
          ...write(q),
          ...(audit ? [audit(q)] : []),
          ...(events.length > 0
            ? [
                eventsStatement(q, events, {
                  organizationId: scope.organizationId,
                  traceparent: origin.traceparent,
                  nowMs,
                  ids,
                }),
              ]
            : []),
        ]);
      } catch (error) {
        const constraint = violatedUniqueConstraint(error);
        const refusal = constraint === undefined ? undefined : conflicts[constraint];
        throw refusal ? refusal({ cause: error }) : error;
      }
      if (events.length > 0)
        onEvents([...new Set(events.map((event) => partitionOf(scope.organizationId, event)))]);
      return result;
    },
  };
}
