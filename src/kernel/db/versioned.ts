import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable, PgUpdateSetSource } from 'drizzle-orm/pg-core';
import { type ErrorFactory, requestErrors } from '../core/index.ts';
import type { Queries } from './database.ts';
import { mustChange } from './guard.ts';

type VersionedTable = PgTable & { id: PgColumn; version: PgColumn; organizationId?: PgColumn };

/** Identifies a row as it was read, with its organization if the table has that column. */
type ReadVersion<T> = { id: string; version: number } & (T extends { organizationId: PgColumn }
  ? { organizationId: string }
  : unknown);

interface ChangeOptions {
  /** What must hold beside the version. */
  condition?: SQL | undefined;
  /** What the commit fails with; `request.stale` by default. */
  error?: ErrorFactory;
}

/** That the row is still as it was read. */
export function isUnchanged<T extends VersionedTable>(table: T, row: ReadVersion<T>): SQL {
  const { id, version, organizationId } = row as ReadVersion<VersionedTable> & { organizationId?: string };
  const isOfTenant = table.organizationId && eq(table.organizationId, organizationId!);
  return and(isOfTenant, eq(table.id, id), eq(table.version, version))!;
}

/**
 * Changes a row and increments its version, if it still has the version that was read.
 * @returns the statement; the commit fails with `error` when the row has changed or `condition` does not hold
 */
export function changeVersioned<T extends VersionedTable>(
  q: Queries,
  table: T,
  row: ReadVersion<T>,
  set: PgUpdateSetSource<T>,
  { condition, error = requestErrors.stale }: ChangeOptions = {},
) {
  const change = q
    .update(table)
    .set({ ...set, version: sql`${table.version} + 1` })
    .where(and(isUnchanged(table, row), condition))
    .returning({ id: table.id });
  return mustChange(q, change, error);
}
