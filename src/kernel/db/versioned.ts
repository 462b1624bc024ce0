import { and, eq, getTableName, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { type ErrorFactory, requestErrors } from '../core/index.ts';
import type { Queries, Statement } from './database.ts';
import { mustChange, mustHold } from './guard.ts';

/** @template Insert what a row of the table is inserted from */
type VersionedTable<Insert> = PgTable & {
  id: PgColumn;
  version: PgColumn;
  organizationId?: PgColumn;
  readonly $inferInsert: Insert;
};

/** Identifies a row as it was read, with its organization if the table has that column. */
type ReadVersion<Insert> = { id: string; version: number } & (Insert extends { organizationId: string }
  ? { organizationId: string }
  : unknown);

interface ChangeOptions {
  /** Further conditions beside the version. */
  condition?: SQL | undefined;
  /** The error with which the commit fails; `request.stale` by default. */
  error?: ErrorFactory;
}

function isRow<Insert>(table: VersionedTable<Insert>, row: ReadVersion<Insert>): SQL {
  const { id, organizationId } = row as ReadVersion<Insert> & { organizationId?: string };
  return and(table.organizationId && eq(table.organizationId, organizationId!), eq(table.id, id))!;
}

/** The condition that the row is still as it was read. */
export const isUnchanged = <Insert>(table: VersionedTable<Insert>, row: ReadVersion<Insert>): SQL =>
  and(isRow(table, row), eq(table.version, row.version))!;

/** Changes the row of a key that is no id, as `changeVersioned` does. @param key the condition that finds the row */
export function changeVersionedBy<Insert extends object>(
  q: Queries,
  table: PgTable & { version: PgColumn; readonly $inferInsert: Insert },
  { key, version }: { key: SQL | undefined; version: number },
  set: Partial<Insert>,
  error = requestErrors.stale,
) {
  const change = q
    .update<PgTable>(table)
    .set({ ...set, version: sql`${table.version} + 1` })
    .where(and(key, eq(table.version, version)))
    .returning({ version: table.version });
  return mustChange(q, change, error);
}

/**
 * Changes a row and increments its version, if it still has the version that was read.
 * @returns the statement; the commit fails with `error` when the row has changed or `condition` does not hold
 */
export function changeVersioned<Insert extends object>(
  q: Queries,
  table: VersionedTable<Insert>,
  row: ReadVersion<Insert>,
  set: Partial<Insert>,
  { condition, error }: ChangeOptions = {},
) {
  const key = and(isRow(table, row), condition);
  return changeVersionedBy<Insert>(q, table, { key, version: row.version }, set, error);
}

/** Deletes a row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function deleteVersioned<Insert extends object>(
  q: Queries,
  table: VersionedTable<Insert>,
  row: ReadVersion<Insert>,
) {
  const removal = q.delete<PgTable>(table).where(isUnchanged(table, row)).returning({ id: table.id });
  return mustChange(q, removal, requestErrors.stale);
}

/**
 * Inserts a row of an organization that has at most `most` in the table; otherwise the commit fails with `error`. Commits that insert one
 * wait for each other, so that none counts too few.
 */
export function insertWithin<Insert extends { organizationId: string }>(
  q: Queries,
  table: PgTable & { organizationId: PgColumn; readonly $inferInsert: Insert },
  row: Insert,
  { most, error }: { most: number; error: ErrorFactory },
): Statement[] {
  const { organizationId } = row;
  const key = `${getTableName(table)} ${organizationId}`;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`),
    q.insert<PgTable>(table).values(row),
    mustHold(
      q,
      sql`(select count(*) from ${table} where ${table.organizationId} = ${organizationId}) <= ${most}`,
      error,
    ),
  ];
}
