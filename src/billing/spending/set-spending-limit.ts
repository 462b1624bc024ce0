import { deleteMinuteBudget, upsertMinuteBudget } from '../../calls/minutes/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors, requirePermission, retryStale } from '../../kernel/core/index.ts';
import { spendingLimitChanged } from './spending.events.ts';
import { presentSpending, presentSpent } from './spending.present.ts';
import { deleteLimit, insertLimit, updateLimit } from './spending.queries.ts';
import { spendingErrors } from './spending.errors.ts';
import { canBeCharged, minuteBudgetOf } from './spending.rules.ts';
import type { SetSpendingLimit, SpendingLimitView } from './spending.schemas.ts';
import { readSpending } from './read-spending.ts';

/** The remainder may be counted between the read and the commit. */
const ATTEMPTS = 3;

/**
 * Sets or removes the most that the organization spends beyond its plan in a month. It applies from this commit on: the
 * remainder for calls is stored with it.
 * @throws AppError `auth.forbidden` without `billing:write`, or `billing.not_charged` for a limit without a
 * subscription
 */
export async function setSpendingLimit(ctx: Ctx, body: SetSpendingLimit): Promise<SpendingLimitView> {
  requirePermission(ctx.actor, 'billing:write');
  return retryStale(ATTEMPTS, () => setOnce(ctx, body));
}

async function setOnce(ctx: Ctx, { limit }: SetSpendingLimit): Promise<SpendingLimitView> {
  const { organizationId } = ctx;
  const { limit: before, spending, given } = await readSpending(ctx);
  if (limit !== null && !canBeCharged(given))
    throw spendingErrors.notCharged({
      detail: `the plan ${given.basis?.plan ?? 'free'} has no subscription, so no usage beyond it is charged`,
    });
  const now = new Date(given.nowMs);
  const limitMicros = limit === null ? null : BigInt(limit.amountMicros);
  const row = limitMicros === null ? null : { organizationId, limitMicros, updatedAt: now, countedAt: now };
  const budget = row === null ? undefined : minuteBudgetOf(row, spending, given);
  return ctx.commit({
    write: (q) => [
      row === null
        ? deleteLimit(q, organizationId)
        : before
          ? updateLimit(q, before, row)
          : insertLimit(q, row),
      budget ? upsertMinuteBudget(q, budget) : deleteMinuteBudget(q, organizationId),
    ],
    audit: {
      action: 'spending_limit.changed',
      target: { type: 'organization', id: organizationId },
      before: { limit: before ? presentSpent(before.limitMicros) : null },
      after: { limit },
    },
    events: [spendingLimitChanged.of({ limit })],
    conflicts: { spending_limits_pkey: requestErrors.stale },
    result: presentSpending(limitMicros, spending, given),
  });
}
