import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { type ErrorFactory, requestErrors } from '../core/index.ts';
import type { Queries } from './database.ts';
import { mustChange } from './guard.ts';

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
  /** What must hold beside the version. */
  condition?: SQL | undefined;
  /** What the commit fails with; `request.stale` by default. */
  error?: ErrorFactory;
}

/** That the row is still as it was read. */
export function isUnchanged<Insert>(table: VersionedTable<Insert>, row: ReadVersion<Insert>): SQL {
  const { id, version, organizationId } = row as ReadVersion<Insert> & { organizationId?: string };
  const isOfTenant = table.organizationId && eq(table.organizationId, organizationId!);
  return and(isOfTenant, eq(table.id, id), eq(table.version, version))!;
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
  { condition, error = requestErrors.stale }: ChangeOptions = {},
) {
  const change = q
    .update<PgTable>(table)
    .set({ ...set, version: sql`${table.version} + 1` })
    .where(and(isUnchanged(table, row), condition))
    .returning({ id: table.id });
  return mustChange(q, change, error);
}
