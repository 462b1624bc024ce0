import { deleteMinuteBudget, upsertMinuteBudget } from '../../calls/minutes/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { spendingLimitChanged } from './spending.events.ts';
import { presentSpending, presentSpent } from './spending.present.ts';
import { deleteLimit, upsertLimit } from './spending.queries.ts';
import { minuteBudgetOf } from './spending.rules.ts';
import type { SetSpendingLimit, SpendingLimitView } from './spending.schemas.ts';
import { readSpending } from './read-spending.ts';

/**
 * Sets what the organization spends beyond its plan in a month at most, or nothing. It counts from this commit on: what is left for
 * calls is stored with it.
 * @throws AppError `auth.forbidden` without `billing:write`
 */
export async function setSpendingLimit(ctx: Ctx, { limit }: SetSpendingLimit): Promise<SpendingLimitView> {
  requirePermission(ctx.actor, 'billing:write');
  const { organizationId } = ctx;
  const { limit: before, spending, given } = await readSpending(ctx);
  const now = new Date(given.nowMs);
  const limitMicros = limit === null ? null : BigInt(limit.amountMicros);
  const row = limitMicros === null ? null : { organizationId, limitMicros, updatedAt: now, countedAt: now };
  const budget = row === null ? undefined : minuteBudgetOf(row, spending, given);
  return ctx.commit({
    write: (q) => [
      row === null ? deleteLimit(q, organizationId) : upsertLimit(q, row),
      budget ? upsertMinuteBudget(q, budget) : deleteMinuteBudget(q, organizationId),
    ],
    audit: {
      action: 'spending_limit.changed',
      target: { type: 'organization', id: organizationId },
      before: { limit: before ? presentSpent(before.limitMicros) : null },
      after: { limit },
    },
    events: [spendingLimitChanged.of({ limit })],
    result: presentSpending(limitMicros, spending, given),
  });
}
