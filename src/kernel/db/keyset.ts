import { gt, lt, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** Rows that follow the cursor's key in ascending order of `column`; no condition on the first page. */
export const isAfter = (column: PgColumn, key: string | undefined): SQL | undefined =>
  key === undefined ? undefined : gt(column, key);

/** Rows that follow the cursor's key in descending order of `column`; no condition on the first page. */
export const isBefore = (column: PgColumn, key: string | undefined): SQL | undefined =>
  key === undefined ? undefined : lt(column, key);
