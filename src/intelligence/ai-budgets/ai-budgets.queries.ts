import { eq, sql } from 'drizzle-orm';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { budgetErrors } from './ai-budgets.errors.ts';
import { type AiBudget, aiBudgets } from './ai-budgets.tables.ts';

export const selectBudget = (q: Queries, organizationId: string) =>
  q.select().from(aiBudgets).where(eq(aiBudgets.organizationId, organizationId));

export const upsertBudget = (q: Queries, { organizationId, period, limitMicros, updatedAt }: AiBudget) =>
  q
    .insert(aiBudgets)
    .values({ organizationId, period, limitMicros, updatedAt })
    .onConflictDoUpdate({
      target: aiBudgets.organizationId,
      set: { period, limitMicros, updatedAt, version: sql`${aiBudgets.version} + 1` },
    });

export const deleteBudgetRow = (q: Queries, organizationId: string) =>
  mustChange(
    q,
    q
      .delete(aiBudgets)
      .where(eq(aiBudgets.organizationId, organizationId))
      .returning({ id: aiBudgets.organizationId }),
    budgetErrors.notFound,
  );
