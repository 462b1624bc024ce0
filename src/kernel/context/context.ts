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
 * The live objects and providers that verbs use, each as an interface. Modules add theirs in `<module>.ports.ts` by
 * declaration merging; the composition root (`workers/context.ts`) supplies the implementations.
 */
// eslint-disable-next-line typescript/no-empty-object-type
export interface Ports {}

/** The dependencies of an isolate, built once from the configuration. */
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

/** Where a request comes from. */
export interface RequestOrigin {
  requestId: string;
  traceparent: string;
  ip: string | null;
  userAgent: string | null;
  /** The caller's continent according to the network: AF, AN, AS, EU, NA, OC or SA; null when unknown. */
  continent: string | null;
}

type ReadBatch = readonly [Statement, ...Statement[]];

/** One atomic change: the statements, its audit entries, its events, and the verb's result. */
export interface CommitRequest<R> {
  write: (q: Queries) => readonly Statement[];
  audit?: AuditEntry | AuditEntry[];
  events?: DomainEvent[];
  /** What the verb returns; its response is stored with the change when the caller sent an idempotency key. */
  result: R;
  /** The error that a violated unique constraint means, by the constraint's name. */
  conflicts?: Record<string, ErrorFactory>;
  /** A scope other than the actor's; each use gives its reason. */
  scope?: DbScope;
  /** The actor of the audit entry, when this change creates or proves the actor's credential. */
  actor?: Actor;
  /** The verb throws after this commit, so no response is stored for the idempotency key. */
  skipIdempotencyRecord?: boolean;
}

export interface Ctx extends Services {
  actor: Actor;
  /** The organization of the credential. @throws AppError `auth.no_organization` when it has none */
  readonly organizationId: string;
  origin: RequestOrigin;
  /** The current trace; pass it to `createTracedFetch` for calls to providers. */
  trace: Trace;
  /** Reads in one round trip, within the actor's organization or within `scope`. */
  read<const T extends ReadBatch>(build: (q: Queries) => T, scope?: DbScope): Promise<BatchResponse<T>>;
  /** Commits in one round trip, all or nothing. */
  commit<R>(change: CommitRequest<R>): Promise<R>;
  /** Runs `work` after the response was sent; a failure is logged and does not change the response. */
  after(name: string, work: () => Promise<unknown>): void;
}

export interface CtxOptions {
  actor: Actor;
  origin: RequestOrigin;
  after: Ctx['after'];
  idempotency?: { key: IdempotencyKey; encode: (result: unknown) => StoredReply } | undefined;
  /** Called after a commit that wrote events, with their partitions: starts publishing. */
  onEvents: (partitions: string[]) => void;
  /** Called on each round trip to the database. */
  onRoundTrip: () => void;
  /** Records spans; without it the trace context of the origin is only passed on. */
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
  // A system actor without an organization has no tenant to stay within; every other actor has one.
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
