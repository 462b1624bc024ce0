import { type AuditEntry, auditStatement } from '../audit/index.ts';
import type { Actor, ErrorFactory } from '../core/index.ts';
import {
  type Database,
  type DbScope,
  type Queries,
  type Statement,
  violatedUniqueConstraint,
} from '../db/index.ts';
import { type DomainEvent, eventsStatement, partitionOf } from '../events/index.ts';
import { idempotencyStatement } from '../idempotency/index.ts';
import type { CtxOptions, Services } from './context.ts';

/** One atomic change: the statements, its audit entries, its events, and the verb's result. */
export interface CommitRequest<R> {
  write: (q: Queries) => readonly Statement[];
  audit?: AuditEntry | AuditEntry[];
  events?: DomainEvent[];
  /** The result of the verb; its response is stored with the change when the caller sent an idempotency key. */
  result: R;
  /** The error that a violated unique constraint means, by the constraint's name. */
  conflicts?: Record<string, ErrorFactory>;
  /**
   * The change gives somebody authority that does not end with the actor's: the credential is held until the commit, so
   * that it cannot end between its proof and the change.
   */
  grantsAuthority?: true;
  /** A scope other than the actor's; each use gives its reason. */
  scope?: DbScope;
  /** The actor of the audit entry, when this change creates or proves the actor's credential. */
  actor?: Actor;
  /** The verb throws after this commit, so no response is stored for the idempotency key. */
  skipIdempotencyRecord?: boolean;
}

/** The part of the context that a commit uses. */
export interface CommitContext extends Pick<CtxOptions, 'actor' | 'origin' | 'idempotency' | 'onEvents'> {
  services: Pick<Services, 'clock' | 'ids' | 'vault'>;
  database: Database;
}

type StatementBuilder = (q: Queries) => Statement;

async function buildAuditStatement(
  { audit = [], actor }: CommitRequest<unknown>,
  scope: DbScope,
  context: CommitContext,
): Promise<StatementBuilder | undefined> {
  const entries = Array.isArray(audit) ? audit : [audit];
  if (entries.length === 0) return undefined;
  if (scope.organizationId === null) throw new Error('an audit entry needs an organization');
  const { requestId, ip, userAgent } = context.origin;
  const { clock, ids } = context.services;
  return auditStatement(entries, {
    actor: actor ?? context.actor,
    organizationId: scope.organizationId,
    requestId,
    ip,
    userAgent,
    nowMs: clock.now(),
    ids,
  });
}

function buildEventsStatement(
  events: readonly DomainEvent[],
  { organizationId }: DbScope,
  { origin: { traceparent }, services: { clock, ids } }: CommitContext,
): StatementBuilder | undefined {
  if (events.length === 0) return undefined;
  return (q) => eventsStatement(q, events, { organizationId, traceparent, nowMs: clock.now(), ids });
}

async function buildIdempotencyStatement(
  { result, skipIdempotencyRecord }: CommitRequest<unknown>,
  { idempotency, services: { clock, vault } }: CommitContext,
): Promise<StatementBuilder | undefined> {
  if (!idempotency || skipIdempotencyRecord) return undefined;
  return idempotencyStatement(idempotency.key, idempotency.encode(result), clock.now(), vault);
}

/** The error that the verb declared for a violated unique constraint, or the error itself. */
function toConflict(error: unknown, conflicts: Readonly<Record<string, ErrorFactory>>): unknown {
  const constraint = violatedUniqueConstraint(error);
  const conflict = constraint === undefined ? undefined : conflicts[constraint];
  return conflict ? conflict({ cause: error }) : error;
}

/**
 * Commits a change with its audit entries, events and idempotency record, all or nothing, in one round trip.
 * @returns the result of the change
 * @throws AppError of a failed guard or a violated unique constraint
 */
export async function commitChange<R>(
  change: CommitRequest<R>,
  scope: DbScope,
  context: CommitContext,
): Promise<R> {
  const { write, events = [], result, conflicts = {}, grantsAuthority } = change;
  const record = await buildIdempotencyStatement(change, context);
  const audit = await buildAuditStatement(change, scope, context);
  const outbox = buildEventsStatement(events, scope, context);
  try {
    const batchScope = grantsAuthority ? { ...scope, holdCredential: grantsAuthority } : scope;
    await context.database.commit(batchScope, (q) => [
      ...(record ? [record(q)] : []),
      ...write(q),
      ...(audit ? [audit(q)] : []),
      ...(outbox ? [outbox(q)] : []),
    ]);
  } catch (error) {
    throw toConflict(error, conflicts);
  }
  if (events.length > 0)
    context.onEvents([...new Set(events.map((event) => partitionOf(scope.organizationId, event)))]);
  return result;
}
