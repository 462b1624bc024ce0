import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { listMeterViews, selectOwnMeters } from '../meters/index.ts';
import { presentMeter, presentPeriod } from './usage.present.ts';
import { selectRecords, sumByDimension, sumByInterval, sumMeters, sumMeterWith } from './usage.queries.ts';
import {
  listIntervals,
  requireDimension,
  requireMeter,
  resolveDimension,
  resolvePeriod,
} from './usage.rules.ts';
import type {
  BreakdownQuery,
  BreakdownView,
  RecordsQuery,
  RecordView,
  TimelineQuery,
  TimelineView,
} from './usage.schemas.ts';

/**
 * The usage that a meter counted in a period, by the values of a dimension, optionally with a value of another
 * dimension.
 * @throws AppError `auth.forbidden`, `usage.meter_not_found` or `request.invalid`
 */
export async function getUsageBreakdown(ctx: Ctx, query: BreakdownQuery): Promise<BreakdownView> {
  requirePermission(ctx.actor, 'usage:read');
  const { organizationId } = ctx;
  const period = resolvePeriod(query, ctx.clock.now());
  const { by, limit } = query;
  const dimension = resolveDimension(query);
  const filter = { ...period, meter: query.meter, dimension };
  const [own, groups, { rows: totals }] = await ctx.read((q) => [
    selectOwnMeters(q, organizationId),
    sumByDimension(q, organizationId, filter, by, limit),
    dimension === undefined
      ? sumMeters(q, organizationId, period, query.meter)
      : sumMeterWith(q, organizationId, filter),
  ]);
  const meter = requireMeter(listMeterViews(ctx.meters, own), query.meter);
  requireDimension(meter, by, 'by');
  requireDimension(meter, dimension?.name, 'dimension');
  const shown = groups.slice(0, limit).map(({ value, quantity }) => ({ value, quantity: Number(quantity) }));
  const totalQuantity = Number(totals[0]?.quantity ?? 0);
  const otherQuantity = totalQuantity - shown.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    ...presentPeriod(period),
    ...presentMeter(meter),
    by,
    groups: shown,
    otherQuantity,
    totalQuantity,
  };
}

/**
 * The usage that a meter counted in each interval of a period.
 * @throws AppError `auth.forbidden`, `usage.meter_not_found` or `request.invalid`
 */
export async function getUsageTimeline(ctx: Ctx, query: TimelineQuery): Promise<TimelineView> {
  requirePermission(ctx.actor, 'usage:read');
  const { organizationId } = ctx;
  const period = resolvePeriod(query, ctx.clock.now());
  const starts = listIntervals(period, query.interval);
  const dimension = resolveDimension(query);
  const [own, { rows }] = await ctx.read((q) => [
    selectOwnMeters(q, organizationId),
    sumByInterval(q, organizationId, { ...period, meter: query.meter, dimension }, query.interval),
  ]);
  const meter = requireMeter(listMeterViews(ctx.meters, own), query.meter);
  requireDimension(meter, dimension?.name, 'dimension');
  const byStart = new Map(rows.map((row) => [Number(row.startsAt), Number(row.quantity)]));
  const intervals = starts.map((start) => ({
    startsAt: new Date(Math.max(start, period.from.getTime())).toISOString(),
    quantity: byStart.get(start) ?? 0,
  }));
  return { ...presentPeriod(period), ...presentMeter(meter), intervals };
}

/**
 * Recorded usage of a period, row by row, the newest first.
 * @throws AppError `auth.forbidden` or `request.invalid`
 */
export async function listUsageRecords(ctx: Ctx, query: RecordsQuery): Promise<Page<RecordView>> {
  requirePermission(ctx.actor, 'usage:read');
  const { meter, limit } = query;
  const filter = {
    ...resolvePeriod(query, ctx.clock.now()),
    meter,
    dimension: resolveDimension(query),
  };
  const before = readCursor(query.cursor);
  const [rows] = await ctx.read((q) => [selectRecords(q, ctx.organizationId, filter, { before, limit })]);
  const { data, nextCursor } = pageOf(rows, limit, ({ id }) => id);
  return { nextCursor, data: data.map(presentRecord) };
}

type RecordRow = Awaited<ReturnType<typeof selectRecords>>[number];

function presentRecord(row: RecordRow): RecordView {
  const { id, meter, key, revision, quantity, source, userId } = row;
  return {
    id,
    meter,
    key,
    revision,
    quantity,
    dimensions: { ...row.dimensions, ...(userId === null ? {} : { user: userId }) },
    source,
    occurredAt: row.occurredAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
  };
}
