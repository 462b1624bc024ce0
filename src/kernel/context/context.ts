import type { BatchResponse } from 'drizzle-orm/batch';
import type { Config } from '../config/index.ts';
import {
  type Actor,
  actorOrganization,
  authErrors,
  type Clock,
  UnrecordedTrace,
  type Ids,
  type Log,
  type Telemetry,
  type Timers,
  type Trace,
} from '../core/index.ts';
import type { Hasher, Signer, Vault } from '../crypto/index.ts';
import { type Database, type DbScope, type Queries, type Statement } from '../db/index.ts';
import type { IdempotencyKey, StoredReply } from '../idempotency/index.ts';
import { credentialOf, scopeOf } from './actor-scope.ts';
import { commitChange, type CommitRequest } from './commit-change.ts';
import { createReplayGuard, type ReplayGuard } from './replay-guard.ts';
import { ActorDatabase } from './actor-database.ts';

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
  timers: Timers;
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

export interface Ctx extends Services {
  actor: Actor;
  /** The organization of the credential. @throws AppError `auth.no_organization` when it has none */
  readonly organizationId: string;
  origin: RequestOrigin;
  /** The current trace; pass it to `createTracedFetch` for calls to providers. */
  trace: Trace;
  /** Reads in one round trip, within the actor's organization or within `scope`. */
  read<const T extends ReadBatch>(build: (q: Queries) => T, scope?: DbScope): Promise<BatchResponse<T>>;
  /** Whether the caller sent an idempotency key: then the same request may have been answered already. */
  readonly mayBeRepeated: boolean;
  /** Commits in one round trip, all or nothing. */
  commit<R>(change: CommitRequest<R>): Promise<R>;
  /** Runs `work` after the response was sent; a failure is logged and does not change the response. */
  after(name: string, work: () => Promise<unknown>): void;
  /** The same request with the authority of somebody else, whom what they gave away has proven: a signed address. */
  as(actor: Actor): Ctx;
}

export interface CtxOptions {
  actor: Actor;
  /** The actor uses their own account only: their session is proven, not their membership. */
  ownAccount?: boolean;
  origin: RequestOrigin;
  after: Ctx['after'];
  idempotency?: { key: IdempotencyKey; encode: (result: unknown) => StoredReply } | undefined;
  /** Called after a commit that wrote events, with their partitions: starts publishing. */
  onEvents(partitions: string[]): void;
  /** Called on each round trip to the database. */
  onRoundTrip(): void;
  /** Records spans; without it the trace context of the origin is only passed on. */
  trace?: Trace | undefined;
}

/** The members of `Ctx` that are not services. */
class ActorContext implements Omit<Ctx, keyof Services> {
  readonly actor: Actor;
  readonly origin: RequestOrigin;
  readonly trace: Trace;
  readonly database: Database;
  readonly #services: Services;
  readonly #options: CtxOptions;
  #actorScope: DbScope | undefined;
  #replay: ReplayGuard | undefined;

  constructor(services: Services, options: CtxOptions) {
    this.actor = options.actor;
    this.origin = options.origin;
    this.trace = options.trace ?? new UnrecordedTrace(options.origin.traceparent);
    this.database = new ActorDatabase(services.database, this.trace, {
      onRoundTrip: () => options.onRoundTrip(),
      credential: () => credentialOf(options.actor, options.ownAccount ?? false, services.clock),
    });
    this.#services = services;
    this.#options = options;
  }

  get organizationId(): string {
    const organizationId = actorOrganization(this.actor);
    if (organizationId === null) throw authErrors.noOrganization();
    return organizationId;
  }

  get mayBeRepeated(): boolean {
    return this.#options.idempotency !== undefined;
  }

  get #scope(): DbScope {
    return (this.#actorScope ??= scopeOf(this.actor));
  }

  get #replayGuard(): ReplayGuard {
    return (this.#replay ??= createReplayGuard(this.#options.idempotency?.key, this.#services));
  }

  async read<const T extends ReadBatch>(
    build: (q: Queries) => T,
    scope: DbScope = this.#scope,
  ): Promise<BatchResponse<T>> {
    const replay = this.#replayGuard;
    const key = replay.takeKey();
    if (!key) return this.database.read(scope, build);
    const results = await this.database.read(scope, (q) => [replay.select(q, key), ...build(q)] as const);
    const [records, ...rest] = results as unknown as [Parameters<ReplayGuard['check']>[0], ...unknown[]];
    await replay.check(records, key);
    return rest as BatchResponse<T>;
  }

  async commit<R>(change: CommitRequest<R>): Promise<R> {
    const { scope = this.#scope } = change;
    const replay = this.#replayGuard;
    const key = replay.takeKey();
    if (key) {
      const [records] = await this.database.read(scope, (q) => [replay.select(q, key)]);
      await replay.check(records, key);
    }
    return commitChange(change, scope, {
      actor: this.actor,
      origin: this.origin,
      idempotency: this.#options.idempotency,
      onEvents: (partitions) => this.#options.onEvents(partitions),
      services: this.#services,
      database: this.database,
    });
  }

  after(name: string, work: () => Promise<unknown>): void {
    this.#options.after(name, work);
  }

  as(actor: Actor): Ctx {
    const { origin, trace } = this.#options;
    return createCtx(this.#services, {
      actor,
      origin,
      trace,
      after: (name, work) => this.after(name, work),
      onEvents: (partitions) => this.#options.onEvents(partitions),
      onRoundTrip: () => this.#options.onRoundTrip(),
    });
  }
}

type CtxClass = new (services: Services, options: CtxOptions) => Ctx;
const ctxClasses = new WeakMap<Services, CtxClass>();

/** The class of the contexts over these services: they inherit the services, which costs a request nothing. */
function ctxClassOf(services: Services): CtxClass {
  let ctxClass = ctxClasses.get(services);
  if (!ctxClass) {
    ctxClass = class extends ActorContext {} as unknown as CtxClass;
    Object.assign(ctxClass.prototype as object, services);
    ctxClasses.set(services, ctxClass);
  }
  return ctxClass;
}

/** Makes the context of one request, message, alarm or step. */
export const createCtx = (services: Services, options: CtxOptions): Ctx =>
  new (ctxClassOf(services))(services, options);
