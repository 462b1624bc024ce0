import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor, requestErrors, requirePermission } from '../../kernel/core/index.ts';
import { presentAmount } from '../../kernel/money/index.ts';
import { callErrors } from '../../insights/call-history/index.ts';
import { restrictedViewer } from '../../rooms/access/index.ts';
import { type Period, refuse, resolvePeriod } from '../usage/index.ts';
import { sumDays, sumDaysByGroup } from './cost-days.queries.ts';
import {
  type LineRow,
  selectCallToCost,
  selectLines,
  selectTimeZone,
  sumAll,
  sumByGroup,
  sumCall,
  sumCalls,
} from './costs.queries.ts';
import {
  addSums,
  featuresOf,
  isFinal,
  presentLinePrice,
  presentSum,
  restOf,
  sumOf,
  type SumRow,
} from './costs.rules.ts';
import {
  type CallCostView,
  type CostLineView,
  MAX_DAYS_BY_CALL,
  type OperatorSummaryQuery,
  type CostSummaryQuery,
  type CostSummaryView,
} from './costs.schemas.ts';

/** The meter whose quantity shows whether all connections of a call are counted. */
const CONNECTED_TIME = 'participant_minutes';

/**
 * The cost of a call, by meter and price.
 * @throws AppError `auth.forbidden` without `usage:read`, or `calls.not_found`
 */
export async function getCallCost(ctx: Ctx, callId: string): Promise<CallCostView> {
  requirePermission(ctx.actor, 'usage:read');
  const { organizationId } = ctx;
  const [[call], { rows }] = await ctx.read((q) => [
    selectCallToCost(q, organizationId, callId, restrictedViewer(ctx.actor)),
    sumCall(q, organizationId, callId),
  ]);
  if (!call) throw callErrors.notFound();
  const charges = rows.map((row) => ({ row, sum: sumOf(row) }));
  const countedMs = rows
    .filter(({ meter }) => meter === CONNECTED_TIME)
    .reduce((sum, { quantity }) => sum + BigInt(quantity), 0n);
  return {
    callId,
    final: isFinal(call, countedMs),
    ...presentSum(addSums(charges.map(({ sum }) => sum))),
    charges: charges.map(({ row, sum }) => ({
      meter: row.meter,
      quantity: Number(row.quantity),
      price: presentLinePrice(row),
      ...presentSum(sum),
    })),
  };
}

const LINE_CURSOR = /^(use_[0-9a-z]{26})~([1-9]\d{0,8})$/;

/** @throws AppError `request.invalid_cursor` */
function parseLineCursor(cursor: string | undefined) {
  const after = readCursor(cursor);
  if (after === undefined) return undefined;
  const [, usageId, entry] = LINE_CURSOR.exec(after) ?? [];
  if (usageId === undefined) throw requestErrors.invalidCursor();
  return { usageId, entry: Number(entry) };
}

const presentLine = (row: LineRow): CostLineView => ({
  usageRecordId: row.usageId,
  entry: row.entry,
  kind: row.kind,
  meter: row.meter,
  quantity: Number(row.quantity),
  price: presentLinePrice(row),
  cost: presentAmount(row.amount === null ? null : BigInt(row.amount)),
  occurredAt: row.occurredAt,
  recordedAt: row.recordedAt,
});

/**
 * The cost lines of a call, in the order in which its usage was recorded.
 * @throws AppError `auth.forbidden` without `usage:read`, `calls.not_found` or `request.invalid_cursor`
 */
export async function listCallCostLines(
  ctx: Ctx,
  callId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<CostLineView>> {
  requirePermission(ctx.actor, 'usage:read');
  const { organizationId } = ctx;
  const after = parseLineCursor(cursor);
  const [[call], { rows }] = await ctx.read((q) => [
    selectCallToCost(q, organizationId, callId, restrictedViewer(ctx.actor)),
    selectLines(q, organizationId, callId, { after, limit }),
  ]);
  if (!call) throw callErrors.notFound();
  const { data, nextCursor } = pageOf(rows, limit, ({ usageId, entry }) => `${usageId}~${entry}`);
  return { data: data.map(presentLine), nextCursor };
}

/** Sums as the API shows them, with the remainder of the groups that are left out. */
export function presentSummary(
  { from, to, timeZone, by }: Pick<CostSummaryView, 'from' | 'to' | 'timeZone' | 'by'>,
  rows: readonly (SumRow & { value: string | null })[],
  all: SumRow,
): CostSummaryView {
  const groups = rows.map((row) => ({ value: row.value, sum: sumOf(row) }));
  const total = sumOf(all);
  const other = restOf(
    total,
    groups.map(({ sum }) => sum),
  );
  return {
    from,
    to,
    timeZone,
    by,
    groups: groups.map(({ value, sum }) => ({ value, ...presentSum(sum) })),
    other: presentSum(other),
    total: presentSum(total),
  };
}

/**
 * The cost of an organization's usage in a period.
 * @throws AppError `auth.forbidden` without `usage:read`, or `request.invalid`
 */
export async function getCostSummary(ctx: Ctx, query: CostSummaryQuery): Promise<CostSummaryView> {
  requirePermission(ctx.actor, 'usage:read');
  const { organizationId } = ctx;
  const period = resolvePeriod(query, ctx.clock.now());
  const [[zone], groups, all] = await ctx.read((q) => [
    selectTimeZone(q, organizationId),
    sumByGroup(q, organizationId, period, { ...query, features: featuresOf(ctx.meters) }),
    sumAll(q, organizationId, period),
  ]);
  const range = { from: period.from.toISOString(), to: period.to.toISOString() };
  const head = { ...range, timeZone: zone?.timeZone ?? 'UTC', by: query.by };
  return presentSummary(head, groups.rows, all.rows[0]!);
}

const DAY_MS = 86_400_000;

/** The period of a summary for operators; costs by call have a shorter one, because their lines are read. */
function operatorPeriod(query: OperatorSummaryQuery, nowMs: number): Period {
  const { by, from, to } = query;
  if (by !== 'call') return resolvePeriod(query, nowMs);
  const endMs = to === undefined ? nowMs : Date.parse(to);
  const start = from ?? new Date(endMs - MAX_DAYS_BY_CALL * DAY_MS).toISOString();
  const period = resolvePeriod({ from: start, to: to ?? new Date(nowMs).toISOString() }, nowMs);
  const hours = (period.to.getTime() - period.from.getTime()) / 3_600_000;
  // Widened to full hours.
  if (hours > MAX_DAYS_BY_CALL * 24 + 1)
    throw refuse('to', `must be at most ${MAX_DAYS_BY_CALL} days after the start of costs by call`);
  return period;
}

/** The cost of the usage of all organizations in a period. For operators. @throws AppError `request.invalid` */
export async function getOperatorCostSummary(
  ctx: Ctx,
  query: OperatorSummaryQuery,
): Promise<CostSummaryView> {
  const period = operatorPeriod(query, ctx.clock.now());
  const { by, limit } = query;
  const features = featuresOf(ctx.meters);
  const [groups, all] = await ctx.read(
    (q) => [
      by === 'call' ? sumCalls(q, period, limit) : sumDaysByGroup(q, period, { by, limit, features }),
      sumDays(q, period),
    ],
    systemScope,
  );
  const range = { from: period.from.toISOString(), to: period.to.toISOString() };
  return presentSummary({ ...range, timeZone: 'UTC', by }, groups.rows, all.rows[0]!);
}
