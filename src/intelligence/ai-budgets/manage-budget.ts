import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import type { BudgetState } from '../../platform/limits/index.ts';
import { budgetErrors } from './ai-budgets.errors.ts';
import { aiBudgetChanged } from './ai-budgets.events.ts';
import { deleteBudgetRow, selectBudget, upsertBudget } from './ai-budgets.queries.ts';
import { liveBudgetOf } from './ai-budgets.rules.ts';
import type { SetBudget } from './ai-budgets.schemas.ts';
import type { AiBudget } from './ai-budgets.tables.ts';

export interface BudgetWithState {
  budget: AiBudget;
  endsAtMs: number;
  state: BudgetState;
}

async function withState(ctx: Ctx, budget: AiBudget): Promise<BudgetWithState> {
  const live = liveBudgetOf(budget, ctx.clock.now());
  return { budget, endsAtMs: live.endsAtMs!, state: await ctx.ports.budgets.read(ctx.organizationId, live) };
}

/** The budget, and what is left of it. @throws AppError `ai_budgets.not_found`, or `auth.forbidden` without `ai-settings:read` */
export async function getBudget(ctx: Ctx): Promise<BudgetWithState> {
  requirePermission(ctx.actor, 'ai-settings:read');
  const [[budget]] = await ctx.read((q) => [selectBudget(q, ctx.organizationId)]);
  if (!budget) throw budgetErrors.notFound();
  return withState(ctx, budget);
}

/**
 * Sets the budget. Running generations that it no longer covers are ended.
 * @throws AppError `auth.forbidden` without `ai-settings:write`
 */
export async function setBudget(ctx: Ctx, input: SetBudget): Promise<BudgetWithState> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { organizationId } = ctx;
  const [[before]] = await ctx.read((q) => [selectBudget(q, organizationId)]);
  const row: AiBudget = {
    ...input,
    organizationId,
    updatedAt: new Date(ctx.clock.now()),
    version: (before?.version ?? 0) + 1,
  };
  const shown = (each: SetBudget) => ({ limitMicros: each.limitMicros, period: each.period });
  const result = await withState(ctx, row);
  return ctx.commit({
    write: (q) => [upsertBudget(q, row)],
    audit: {
      action: 'ai_budget.set',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
      ...(before ? { before: shown(before) } : {}),
      after: shown(input),
    },
    events: [aiBudgetChanged.of({ limitMicros: input.limitMicros })],
    result,
  });
}

/** Removes the budget. @throws AppError `ai_budgets.not_found`, or `auth.forbidden` without `ai-settings:write` */
export async function deleteBudget(ctx: Ctx): Promise<void> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { organizationId } = ctx;
  await ctx.commit({
    write: (q) => [deleteBudgetRow(q, organizationId)],
    audit: {
      action: 'ai_budget.removed',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
    },
    events: [aiBudgetChanged.of({ limitMicros: null })],
    result: undefined,
  });
}
