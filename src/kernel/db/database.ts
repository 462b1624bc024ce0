import { neon, neonConfig, Pool } from '@neondatabase/serverless';
import { sql } from 'drizzle-orm';
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch';
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';
import { drizzle as drizzleSocket } from 'drizzle-orm/neon-serverless';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { type Breaker, type Clock, createBreaker, retry } from '../core/index.ts';
import { fetchWithin } from './fetch-within.ts';
import { isOutage, isSafeToRetry, isTransient, translateDatabaseError } from './db.errors.ts';

/**
 * Which rows a batch may access. `app` is limited to one organization by row-level security; `system` is for data of no
 * single organization (sign-in, sweeps, operators), with grants table by table.
 */
export interface DbScope {
  role: 'app' | 'system';
  organizationId: string | null;
  userId: string | null;
  /** The credential that the batch proves before anything else; absent for actors without one. */
  credential?: Credential | undefined;
  /**
   * Set if the change outlives the credential, whose rows are therefore locked until the commit; see `Credential.hold`.
   */
  holdCredential?: true;
  /** The plan that the token states decides nothing in this batch, and may have changed since. */
  ignoresPlan?: true;
}

/**
 * The credential of a batch. The database proves it as it is now (`prove_credential`): it is refused as soon as its session,
 * membership, organization or key ends.
 */
export interface Credential {
  /** The moment of the proof, ISO 8601. */
  now: string;
  organization?: string | undefined;
  user?: string | undefined;
  /** Absent for a user in a socket, which ends with the session. */
  session?: string | undefined;
  /** The role that the token states; absent where it decides nothing. */
  role?: string | undefined;
  /** The plan that the token states; absent where it decides nothing. */
  plan?: string | undefined;
  apiKey?: string | undefined;
  /** The hash of the key's secret, which must be its secret still; absent in a socket. */
  secretHash?: string | undefined;
  /** Scopes that the key must still have. */
  scopes?: readonly string[] | undefined;
  /** Requests that end or narrow the credential wait until the transaction is committed. */
  hold?: true | undefined;
}

/** The scope for data of no single organization: sign-in, sweeps, operators. */
export const systemScope: DbScope = { role: 'system', organizationId: null, userId: null };

/**
 * The system scope with an organization, for a change of something that belongs to none (a user, a session): audit
 * entries and events of the commit go to that organization.
 */
export function systemScopeOf(organizationId: string | null): DbScope {
  return { ...systemScope, organizationId };
}

/** Builds statements; they run only in a batch or a transaction. */
export type Queries = Pick<
  NeonHttpDatabase,
  | 'select'
  | 'selectDistinct'
  | 'selectDistinctOn'
  | 'insert'
  | 'update'
  | 'delete'
  | 'with'
  | 'execute'
  | '$with'
>;
export type Statement = BatchItem<'pg'>;
type Batch = readonly [Statement, ...Statement[]];
/** The results of the statements of a read, in their order. */
export type ReadRows<T extends readonly Statement[]> = BatchResponse<T>;
export type Transaction = PgDatabase<PgQueryResultHKT>;

export interface Database {
  /** One round trip: settings and queries in one transaction. Retried when it fails transiently. */
  read<const T extends Batch>(scope: DbScope, build: (q: Queries) => T): Promise<BatchResponse<T>>;
  /** One round trip, all or nothing. Retried only when it certainly did not commit. */
  commit(scope: DbScope, build: (q: Queries) => readonly Statement[]): Promise<void>;
  /**
   * An interactive transaction over a WebSocket, only where a guard cannot express the condition; each use gives its
   * reason. Opens a connection and closes it again.
   */
  transaction<T>(scope: DbScope, work: (tx: Transaction) => Promise<T>): Promise<T>;
  readonly breaker: Breaker;
}

export interface DatabaseOptions {
  connectionString: string;
  /** URL of a Neon-compatible endpoint in place of Neon, e.g. `http://127.0.0.1:8788`. */
  localEndpoint?: string | undefined;
  statementTimeoutMs: number;
  clock: Clock;
  /** Called on each round trip: tests and metrics count them. */
  onRoundTrip?: (kind: 'read' | 'commit' | 'transaction', statements: number) => void;
}

const ROLES = { app: 'auralink_app', system: 'auralink_system' } as const;

/** Proves the credential and sets role, organization, actor and timeout, local to the transaction, in one statement. */
function enterScope({ role, organizationId, userId, credential }: DbScope, statementTimeoutMs: number) {
  const proof = credential ? JSON.stringify(credential) : null;
  return sql`select enter_scope(${ROLES[role]}, ${organizationId ?? ''}, ${userId ?? ''},
    ${String(statementTimeoutMs)}, ${proof}::jsonb)`;
}

/** A request that hangs is aborted this much later than the statement's own timeout. */
const NETWORK_ALLOWANCE_MS = 2_000;

function configureDriver({ localEndpoint, statementTimeoutMs }: DatabaseOptions): void {
  // The driver has one configuration per isolate; every database of an isolate uses the same endpoint.
  neonConfig.fetchFunction = (url: string, init: RequestInit) =>
    fetchWithin(statementTimeoutMs + NETWORK_ALLOWANCE_MS, url, init);
  if (!localEndpoint) return;
  neonConfig.fetchEndpoint = `${localEndpoint}/sql`;
  neonConfig.wsProxy = () => `${new URL(localEndpoint).host}/v2`;
  neonConfig.useSecureWebSocket = false;
  neonConfig.pipelineTLS = false;
  neonConfig.pipelineConnect = false;
}

type RunGuarded = <T>(isRetryable: (error: unknown) => boolean, work: () => Promise<T>) => Promise<T>;

/** Runs work behind the circuit breaker, with retries, and translates its errors. */
function createGuardedRun(breaker: Breaker): RunGuarded {
  return async (isRetryable, work) => {
    try {
      return await breaker.run(() => retry(work, { attempts: 3, baseDelayMs: 50, isTransient: isRetryable }));
    } catch (error) {
      throw translateDatabaseError(error);
    }
  };
}

async function runTransaction<T>(
  { connectionString, statementTimeoutMs }: DatabaseOptions,
  scope: DbScope,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const pool = new Pool({ connectionString, max: 1, connectionTimeoutMillis: statementTimeoutMs });
  // A connection that breaks during a query rejects that query; one that breaks while idle is not used again.
  pool.on('error', () => undefined);
  try {
    return await drizzleSocket(pool).transaction(async (tx) => {
      await tx.execute(enterScope(scope, statementTimeoutMs));
      return work(tx);
    });
  } finally {
    await pool.end();
  }
}

/** Connects to the database; see `Database` for what it can do. */
export function createDatabase(options: DatabaseOptions): Database {
  configureDriver(options);
  const { connectionString, clock, statementTimeoutMs, onRoundTrip } = options;
  const http = drizzle(neon(connectionString));
  const breaker = createBreaker({
    name: 'database',
    clock,
    failureThreshold: 5,
    openMs: 5_000,
    isFailure: isOutage,
  });
  const runGuarded = createGuardedRun(breaker);
  const send = async (scope: DbScope, kind: 'read' | 'commit', statements: readonly Statement[]) => {
    onRoundTrip?.(kind, statements.length);
    const [, ...results] = await http.batch([
      http.execute(enterScope(scope, statementTimeoutMs)),
      ...statements,
    ]);
    return results;
  };
  return {
    breaker,
    // Statements are built outside the breaker: an error while building them is a defect, not an outage.
    async read(scope, build) {
      const statements = build(http);
      const results = await runGuarded(isTransient, () => send(scope, 'read', statements));
      return results as BatchResponse<ReturnType<typeof build>>;
    },
    async commit(scope, build) {
      const statements = build(http);
      await runGuarded(isSafeToRetry, () => send(scope, 'commit', statements));
    },
    transaction: (scope, work) =>
      runGuarded(isSafeToRetry, () => {
        onRoundTrip?.('transaction', 1);
        return runTransaction(options, scope, work);
      }),
  };
}
