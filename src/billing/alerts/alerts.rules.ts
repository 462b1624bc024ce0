import type { Entitlements } from '../../identity/entitlements/index.ts';
import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import type { MeterView } from '../meters/index.ts';
import { includedQuantity } from '../overage/index.ts';
import { DEFAULT_PERCENTS, type OwnThreshold } from './alerts.schemas.ts';
import type { usageAlerts } from './alerts.tables.ts';

export type AlertRow = typeof usageAlerts.$inferSelect;

const DAY_MS = 86_400_000;
/** Alerts of an organization that are mailed in a day (UTC). */
export const MAX_MAILS_PER_DAY = 5;

/** A threshold as a quantity in base units, with the percentage of the included amount from which it was computed. */
export interface Threshold {
  quantity: bigint;
  percent: number | null;
}

/**
 * The thresholds of a meter: those at 80 and 100 percent of what the plan includes, and the organization's own. Each
 * quantity occurs once. Without an included amount there are no percentages.
 */
export function thresholdsOf(
  meter: MeterView,
  own: readonly OwnThreshold[],
  entitlements: Pick<Entitlements, 'included'>,
): Threshold[] {
  const included = includedQuantity(meter, entitlements) ?? 0n;
  const ofMeter = own.filter((threshold) => threshold.meter === meter.name);
  const percents = ofMeter.flatMap((threshold) => ('percent' in threshold ? [threshold.percent] : []));
  const quantities = ofMeter.flatMap((threshold) => ('quantity' in threshold ? [threshold.quantity] : []));
  const shares =
    included === 0n
      ? []
      : [...DEFAULT_PERCENTS, ...percents].map((percent) => ({
          quantity: (included * BigInt(percent) + 99n) / 100n,
          percent,
        }));
  const all = [...quantities.map((each) => ({ quantity: BigInt(each), percent: null })), ...shares];
  return [...new Map(all.map((threshold) => [threshold.quantity, threshold])).values()];
}

/** @throws AppError `request.invalid` for a meter that does not exist, or a threshold that occurs twice */
export function requireThresholds(thresholds: readonly OwnThreshold[], meters: readonly MeterView[]): void {
  const names = new Set(meters.map(({ name }) => name));
  const seen = new Set<string>();
  const errors = thresholds.flatMap((threshold, at): FieldError[] => {
    const pointer = `/thresholds/${at}`;
    const identity =
      'percent' in threshold
        ? `${threshold.meter} ${threshold.percent}%`
        : `${threshold.meter} ${threshold.quantity}`;
    if (seen.has(identity)) return [{ pointer, message: 'is there twice' }];
    seen.add(identity);
    return names.has(threshold.meter)
      ? []
      : [{ pointer: `${pointer}/meter`, message: 'is not a meter of the product or of the organization' }];
  });
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}

type RankedAlert = Pick<AlertRow, 'meter' | 'periodStartsAt' | 'quantity' | 'reachedAt'>;

const isSame = (a: RankedAlert, b: RankedAlert) =>
  a.meter === b.meter && a.quantity === b.quantity && +a.periodStartsAt === +b.periodStartsAt;

/** Whether a larger threshold of the meter was reached at the same moment; its mail is enough. */
const isSurpassed = (alert: RankedAlert, others: readonly RankedAlert[]) =>
  others.some(
    ({ meter, reachedAt, quantity }) =>
      meter === alert.meter && +reachedAt === +alert.reachedAt && quantity > alert.quantity,
  );

/** The start of the day, UTC, to whose mails an alert belongs. */
export const mailDayOf = (reachedAt: Date): Date => new Date(Math.floor(+reachedAt / DAY_MS) * DAY_MS);

/**
 * Whether an alert is mailed: it is among the first five of its day. A repeated delivery decides the same.
 * @param ofDay the alerts of the organization in that day, in the order in which they were reached
 */
export function isMailed(alert: RankedAlert, ofDay: readonly RankedAlert[]): boolean {
  const position = ofDay.filter((each) => !isSurpassed(each, ofDay)).findIndex((each) => isSame(each, alert));
  return position >= 0 && position < MAX_MAILS_PER_DAY;
}
