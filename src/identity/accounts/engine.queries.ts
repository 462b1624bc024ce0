import { and, eq, gt, inArray, isNull, lt, type SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { credentials, sessions, users, verifications } from './accounts.tables.ts';

/** The engine's models, over our tables. */
const TABLES = { user: users, account: credentials, session: sessions, verification: verifications } as const;

export type EngineModel = keyof typeof TABLES;
export type EngineRow = Record<string, unknown> & { id: string };

export interface EngineCondition {
  field: string;
  operator: 'eq' | 'in' | 'lt' | 'gt';
  value: unknown;
}

const FALLBACK_LIMIT = 100;

function columnOf(model: EngineModel, field: string): AnyPgColumn {
  const column = (TABLES[model] as unknown as Record<string, AnyPgColumn | undefined>)[field];
  if (!column) throw new Error(`the engine asked for ${model}.${field}, which there is not`);
  return column;
}

function predicate(model: EngineModel, { field, operator, value }: EngineCondition): SQL {
  const column = columnOf(model, field);
  switch (operator) {
    case 'eq':
      return eq(column, value);
    case 'in':
      return inArray(column, value as unknown[]);
    case 'lt':
      return lt(column, value);
    case 'gt':
      return gt(column, value);
  }
}

export function selectRows(q: Queries, model: EngineModel, where: readonly EngineCondition[]) {
  return q
    .select()
    .from(TABLES[model])
    .where(and(...where.map((condition) => predicate(model, condition))))
    .limit(FALLBACK_LIMIT);
}

export function insertRow(q: Queries, model: EngineModel, row: EngineRow) {
  return q.insert(TABLES[model]).values(row as never);
}

/** Changes the row if the fields still are what was read; otherwise the commit fails with `request.stale`. */
export function changeRow(q: Queries, model: EngineModel, before: EngineRow, set: Record<string, unknown>) {
  const unchanged = Object.keys(set).map((field) => {
    const column = columnOf(model, field);
    return before[field] === null ? isNull(column) : eq(column, before[field]);
  });
  const change = q
    .update(TABLES[model])
    .set(set)
    .where(and(eq(TABLES[model].id, before.id), ...unchanged))
    .returning({ id: TABLES[model].id });
  return mustChange(q, change, requestErrors.stale);
}

/** Removes the row if it is still there, so that of two who use it up at once only one goes through. */
export function removeRow(q: Queries, model: EngineModel, before: EngineRow) {
  const removal = q
    .delete(TABLES[model])
    .where(eq(TABLES[model].id, before.id))
    .returning({ id: TABLES[model].id });
  return mustChange(q, removal, requestErrors.stale);
}
