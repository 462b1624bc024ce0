import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries, isBefore } from '../../kernel/db/index.ts';
import { operationErrors } from './operations.errors.ts';
import { type Operation, operations } from './operations.tables.ts';

export function selectOperation(q: Queries, organizationId: string, operationId: string) {
  return q
    .select()
    .from(operations)
    .where(and(eq(operations.organizationId, organizationId), eq(operations.id, operationId)));
}

/** `permits` of `kernel/core` as a condition on the stored permission. */
function isPermittedBy(granted: readonly string[]): SQL {
  const resource = sql`split_part(${operations.permission}, ':', 1)`;
  const action = sql`split_part(${operations.permission}, ':', 2)`;
  const grants = granted.map((grant) => {
    const [grantedResource = '', grantedAction = ''] = grant.split(':');
    const actions = grantedAction === 'write' ? ['write', 'read'] : [grantedAction];
    return and(
      grantedResource === '*' ? undefined : eq(resource, grantedResource),
      grantedAction === '*' ? undefined : inArray(action, actions),
      sql`true`,
    );
  });
  return or(...grants) ?? sql`false`;
}

/** The operations that the grants permit to see, newest first. */
export function selectOperations(
  q: Queries,
  organizationId: string,
  granted: readonly string[],
  after: string | undefined,
  limit: number,
) {
  return q
    .select()
    .from(operations)
    .where(
      and(
        eq(operations.organizationId, organizationId),
        isPermittedBy(granted),
        isBefore(operations.id, after),
      ),
    )
    .orderBy(desc(operations.id))
    .limit(limit + 1);
}

export function insertOperation(q: Queries, row: Operation) {
  return q.insert(operations).values(row);
}

type OperationVersion = Pick<Operation, 'id' | 'organizationId' | 'status'>;

function updateOperation(
  q: Queries,
  { id, organizationId, status }: OperationVersion,
  set: Partial<Operation>,
  condition?: SQL,
) {
  return q
    .update(operations)
    .set({ ...set, version: sql`${operations.version} + 1` })
    .where(
      and(
        eq(operations.id, id),
        eq(operations.organizationId, organizationId),
        eq(operations.status, status),
        condition,
      ),
    )
    .returning({ id: operations.id });
}

/** Fails the commit with `request.stale` when the operation's status has changed. */
export function changeOperation(q: Queries, operation: OperationVersion, set: Partial<Operation>) {
  return mustChange(q, updateOperation(q, operation, set), requestErrors.stale);
}

/** Fails the commit with `operations.interrupted` when the operation was cancelled or has ended. */
export function changeUnlessCancelled(q: Queries, operation: OperationVersion, set: Partial<Operation>) {
  return mustChange(
    q,
    updateOperation(q, operation, set, isNull(operations.cancelRequestedAt)),
    operationErrors.interrupted,
  );
}

/** Unfinished operations without progress since `before`. */
export function selectAbandonedOperations(q: Queries, before: Date, limit: number) {
  return q
    .select()
    .from(operations)
    .where(and(inArray(operations.status, ['pending', 'running']), lt(operations.updatedAt, before)))
    .orderBy(asc(operations.updatedAt))
    .limit(limit);
}

export function selectExpiredResults(q: Queries, now: Date, limit: number) {
  return q
    .select({ id: operations.id, resultKey: sql<string>`${operations.resultKey}` })
    .from(operations)
    .where(and(lte(operations.expiresAt, now), isNotNull(operations.resultKey)))
    .orderBy(asc(operations.expiresAt))
    .limit(limit);
}

export function clearResults(q: Queries, ids: string[], now: Date) {
  return q.update(operations).set({ resultKey: null, updatedAt: now }).where(inArray(operations.id, ids));
}

/** Deletes up to `limit` of the operations whose results expired before `before`. */
export function deleteExpiredOperations(q: Queries, before: Date, limit: number) {
  const expiredIds = q
    .select({ id: operations.id })
    .from(operations)
    .where(and(lt(operations.expiresAt, before), isNull(operations.resultKey)))
    .limit(limit);
  return q.delete(operations).where(inArray(operations.id, expiredIds));
}
