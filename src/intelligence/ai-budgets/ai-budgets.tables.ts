import { sql } from 'drizzle-orm';
import { bigint, check, pgTable } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { enumCheck, enumColumn, updatedAt, version } from '../../kernel/db/index.ts';
import { BUDGET_PERIODS } from './ai-budgets.enums.ts';

/** The most that an organization may spend on AI in a period. */
export const aiBudgets = pgTable(
  'ai_budgets',
  {
    organizationId: tenant().primaryKey(),
    period: enumColumn('period', BUDGET_PERIODS).notNull(),
    /** In millionths of a USD. */
    limitMicros: bigint('limit_micros', { mode: 'number' }).notNull(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    enumCheck('ai_budgets_period_check', t.period, BUDGET_PERIODS),
    check('ai_budgets_limit_micros_check', sql`${t.limitMicros} >= 0`),
  ],
);

export type AiBudget = typeof aiBudgets.$inferSelect;
