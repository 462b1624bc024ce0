import { selectConnected } from '../../calls/minutes/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import type { DbScope } from '../../kernel/db/index.ts';
import { listMeterViews } from '../meters/index.ts';
import { selectChargedPeriods, selectCredits, selectPlanChanges, toSpans } from '../overage/index.ts';
import { selectPlan } from '../plans/index.ts';
import { monthOf, type Period } from '../usage/index.ts';
import { presentSpending } from './spending.present.ts';
import { selectAlerts, selectLimit, selectUsage } from './spending.queries.ts';
import {
  countSpending,
  type Spending,
  type SpendingAlertRow,
  type SpendingBasis,
  type SpendingLimitRow,
} from './spending.rules.ts';
import type { SpendingLimitView } from './spending.schemas.ts';

interface ReadSpending {
  limit: SpendingLimitRow | undefined;
  alerts: SpendingAlertRow[];
  given: SpendingBasis;
  spending: Spending;
}

/**
 * The spending of the organization beyond its plan in a month, with its limit, in one round trip.
 * @param month by default the current one; an earlier month includes its connections that are still open
 */
export async function readSpending(
  ctx: Ctx,
  scope?: DbScope,
  month: Period = monthOf(ctx.clock.now()),
): Promise<ReadSpending> {
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const now = new Date(nowMs);
  const [[limit], alerts, [plan], grants, changes, charged, { rows: usage }, { rows }] = await ctx.read(
    (q) => [
      selectLimit(q, organizationId),
      selectAlerts(q, organizationId, month.from),
      selectPlan(q, organizationId),
      selectCredits(q, organizationId),
      selectPlanChanges(q, organizationId),
      selectChargedPeriods(q, organizationId),
      selectUsage(q, organizationId, { ...month, now }),
      selectConnected(q, organizationId, { ...month, now }),
    ],
    scope,
  );
  const { spans, connectedMs, phoneMs } = usage[0]!;
  const { reserving, connected, openSinceMs } = rows[0]!;
  const given: SpendingBasis = {
    month,
    nowMs,
    basis: plan && { ...plan, grants, changes, charged },
    meters: listMeterViews(ctx.meters, []),
    spans: toSpans(spans),
    unrecordedMs: { participant_minutes: BigInt(connectedMs), phone_minutes: BigInt(phoneMs) },
    reserving,
    connected,
    openSinceMs: openSinceMs === null ? null : Number(openSinceMs),
  };
  return { limit, alerts, given, spending: countSpending(given) };
}

/**
 * The spending limit of the organization, and what is spent, reserved and left of it.
 * @throws AppError `auth.forbidden` without `billing:read`
 */
export async function getSpendingLimit(ctx: Ctx): Promise<SpendingLimitView> {
  requirePermission(ctx.actor, 'billing:read');
  const { limit, spending, given } = await readSpending(ctx);
  return presentSpending(limit?.limitMicros ?? null, spending, given);
}
