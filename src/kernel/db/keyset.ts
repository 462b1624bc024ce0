import { asc, desc, gt, lt, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { PageRange } from '../core/index.ts';

/** Rows that follow the cursor's key in ascending order of `column`; no condition on the first page. */
export const isAfter = (column: PgColumn, key: string | undefined): SQL | undefined =>
  key === undefined ? undefined : gt(column, key);

/** Rows that follow the cursor's key in descending order of `column`; no condition on the first page. */
export const isBefore = (column: PgColumn, key: string | undefined): SQL | undefined =>
  key === undefined ? undefined : lt(column, key);

/** The rows of a list from the start of the page on, in its order; `column` is its sort key. */
export const isInRange = (column: PgColumn, { after, order }: PageRange): SQL | undefined =>
  order === 'asc' ? isAfter(column, after) : isBefore(column, after);

/** The order of a page by its sort key. */
export const inOrder = (column: PgColumn, { order }: PageRange): SQL =>
  order === 'asc' ? asc(column) : desc(column);

/**
 * An order that differs from moment to moment: for a sweep that takes a few of the rows that are due, so that those which fail each
 * time do not keep the others waiting.
 */
export const inTurn = (column: PgColumn | SQL, now: Date): SQL =>
  sql`hashtextextended(${column}, ${now.getTime()}::bigint)`;
