import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { ErrorFactory } from '../core/index.ts';
import type { Queries } from './database.ts';

/**
 * A change that must affect exactly `rows` rows; otherwise the whole commit fails with `error`. `change` is an insert,
 * update or delete with `returning`.
 */
export function mustChange(q: Queries, change: SQLWrapper, error: ErrorFactory, rows = 1) {
  return q.execute(
    sql`with changed as ${change} select guard((select count(*) from changed) = ${rows}, ${error.definition.code})`,
  );
}

/** Reads nothing: for a batch that only proves the credential. */
export const selectNothing = (q: Queries) => q.execute(sql`select`);

/** A condition that must hold at commit time; otherwise the whole commit fails with `error`. */
export function mustHold(q: Queries, condition: SQL, error: ErrorFactory) {
  return q.execute(sql`select guard((${condition}), ${error.definition.code})`);
}
