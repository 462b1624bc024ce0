import { LAST_MOMENT_MS, requestErrors } from '../../kernel/core/index.ts';
import { meterErrors, type MeterView } from '../meters/index.ts';
import { type UsageInterval, MAX_PERIOD_DAYS } from './usage.schemas.ts';

/** A period of whole hours, the end excluded. */
export interface Period {
  from: Date;
  to: Date;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The length of the recent usage that a forecast continues. */
export const FORECAST_WINDOW_MS = 7 * DAY_MS;
/** The longest period with hours, or with records of many meters. */
const MAX_SHORT_DAYS = 31;

const startOfMonth = (at: Date, monthsLater = 0) =>
  new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + monthsLater, 1));

/** The calendar month, UTC, that holds the moment: the period for which plans include amounts. */
export function monthOf(ms: number): Period {
  const at = new Date(ms);
  return { from: startOfMonth(at), to: startOfMonth(at, 1) };
}

/** The last full hour that the database holds. */
const LAST_HOUR_MS = Math.floor(LAST_MOMENT_MS / HOUR_MS) * HOUR_MS;
const bounded = (ms: number) => new Date(Math.min(ms, LAST_HOUR_MS));

const toHours = (moment: string | undefined, round: (hours: number) => number): Date | undefined =>
  moment === undefined ? undefined : bounded(round(Date.parse(moment) / HOUR_MS) * HOUR_MS);

/**
 * The whole hours that a period touches; an absent start or end is taken from the calendar month.
 * @throws AppError `request.invalid` when the end is not after the start, or too far after it
 */
export function resolvePeriod(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  nowMs: number,
): Period {
  const givenEnd = toHours(to, Math.ceil);
  const start =
    toHours(from, Math.floor) ?? startOfMonth(new Date(givenEnd ? givenEnd.getTime() - 1 : nowMs));
  const end = givenEnd ?? bounded(startOfMonth(start, 1).getTime());
  const lastedMs = end.getTime() - start.getTime();
  if (lastedMs <= 0) throw refuse('to', 'must be after the start of the period');
  if (lastedMs > MAX_PERIOD_DAYS * DAY_MS)
    throw refuse('to', `must be at most ${MAX_PERIOD_DAYS} days after the start of the period`);
  return { from: start, to: end };
}

/** @throws AppError `request.invalid` for a period of more than 31 days, whose records of many meters are too many to sum */
export function requireMonth({ from, to }: Period): void {
  if (to.getTime() - from.getTime() > MAX_SHORT_DAYS * DAY_MS)
    throw refuse(
      'to',
      `must be at most ${MAX_SHORT_DAYS} days after the start of the period with a dimension`,
    );
}

export const refuse = (parameter: string, message: string) =>
  requestErrors.invalid({ errors: [{ pointer: `#/query/${parameter}`, message }] });

/** @throws AppError `usage.meter_not_found` */
export function requireMeter(meters: readonly MeterView[], name: string): MeterView {
  const found = meters.find((meter) => meter.name === name);
  if (!found) throw meterErrors.meterNotFound();
  return found;
}

/** A value of a dimension to which usage is limited. */
export interface DimensionValue {
  name: string;
  value: string;
}

/** @throws AppError `request.invalid` when one of dimension and value is missing */
export function resolveDimension({
  dimension: name,
  value,
}: {
  dimension?: string | undefined;
  value?: string | undefined;
}): DimensionValue | undefined {
  if (name === undefined && value === undefined) return undefined;
  if (name === undefined || value === undefined)
    throw refuse(
      name === undefined ? 'dimension' : 'value',
      'is required: dimension and value are given together',
    );
  return { name, value };
}

/** @throws AppError `request.invalid` when the meter does not have the dimension that a parameter names */
export function requireDimension(
  { name, dimensions }: MeterView,
  dimension: string | undefined,
  parameter: 'by' | 'dimension',
): void {
  if (dimension === undefined || dimensions.includes(dimension)) return;
  const known = dimensions.length === 0 ? 'it has none' : `it has ${dimensions.join(', ')}`;
  throw refuse(parameter, `is not a dimension of ${name}; ${known}`);
}

/** The seven days before the current hour. */
export function forecastWindow(nowMs: number): Period {
  const toMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return { from: new Date(toMs - FORECAST_WINDOW_MS), to: new Date(toMs) };
}

/**
 * The usage expected at the end of the period: the usage so far plus, for the rest of the period, the mean of the
 * window. Null for a period that is over or has not begun.
 */
export function forecast(used: bigint, inWindow: bigint, { from, to }: Period, nowMs: number): bigint | null {
  if (nowMs < from.getTime() || nowMs >= to.getTime()) return null;
  return used + (inWindow * BigInt(to.getTime() - Math.floor(nowMs))) / BigInt(FORECAST_WINDOW_MS);
}

/** The start of the interval that holds the moment. */
const startOf = (ms: number, interval: UsageInterval): number => {
  if (interval === 'month') return startOfMonth(new Date(ms)).getTime();
  const length = interval === 'day' ? DAY_MS : HOUR_MS;
  return Math.floor(ms / length) * length;
};

/**
 * The starts of all intervals of a period; the first is the period's own start, also within an interval.
 * @throws AppError `request.invalid` for hours of more than 31 days
 */
export function listIntervals({ from, to }: Period, interval: UsageInterval): number[] {
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  if (interval === 'hour' && toMs - fromMs > MAX_SHORT_DAYS * DAY_MS)
    throw refuse('interval', `must be day or month for a period of more than ${MAX_SHORT_DAYS} days`);
  const starts: number[] = [];
  for (let start = startOf(fromMs, interval); start < toMs;) {
    starts.push(start);
    start = startOf(
      start + (interval === 'hour' ? HOUR_MS : interval === 'day' ? DAY_MS : 32 * DAY_MS),
      interval,
    );
  }
  return starts;
}
