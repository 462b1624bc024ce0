import type { IncludedMeter } from '../../identity/entitlements/index.ts';
import type { Micros } from '../../kernel/money/index.ts';
import { overagePrices } from '../providers/index.ts';
import type { overageReports } from './overage.tables.ts';

export type OverageReport = typeof overageReports.$inferSelect;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** The invoice that follows the end of a subscription is a draft for an hour, in which usage still counts. */
const REPORTED_AFTER_END_MS = 50 * MINUTE_MS;
/** Longer than a provider may take for one report. */
const CLAIMED_MS = 5 * MINUTE_MS;
/**
 * Providers remember identifiers for a day. A report that has waited this long is searched for before it is sent again.
 */
const DOUBTFUL_AFTER_MS = 20 * HOUR_MS;

/** Until when a run that takes a report now has the sole right to send it. */
export const claimedUntil = (nowMs: number): Date => new Date(nowMs + CLAIMED_MS);

/** Subscriptions that ended at this moment or before it are over for reports. */
export const endedTooEarly = (nowMs: number): Date => new Date(nowMs - REPORTED_AFTER_END_MS);

/**
 * The moment for which usage is reported: the last second of a subscription that has ended. Null for the moment at
 * which the provider receives it, so that it never belongs to a period that was invoiced in the meantime.
 */
export const reportMoment = (endedAt: Date | null): number | null =>
  endedAt === null ? null : endedAt.getTime() - 1000;

/** The permanent name of a report at the provider. */
export const reportIdentifier = ({
  organizationId,
  meter,
  revision,
}: Pick<OverageReport, 'organizationId' | 'meter' | 'revision'>): string =>
  `${organizationId}:${meter}:${revision}`;

export const isDoubtful = ({ createdAt }: OverageReport, nowMs: number): boolean =>
  nowMs - createdAt.getTime() > DOUBTFUL_AFTER_MS;

const sum = (units: readonly number[]) => units.reduce((total, each) => total + BigInt(each), 0n);

/** Units that are due for months and were not reported. */
const owedUnits = (months: readonly { units: number }[], reports: readonly { units: number }[]): bigint =>
  sum(months.map(({ units }) => units)) - sum(reports.map(({ units }) => units));

/** The smallest number of units whose price reaches an amount. */
export function leastUnits(meter: IncludedMeter, amount: Micros): bigint {
  const price = overagePrices().find((each) => each.meter === meter)!.amount;
  return (amount + price - 1n) / price;
}

/**
 * The next report of a meter of a subscription: the units due for its months minus those reported. There is none while
 * a report waits for its delivery, and none while more is reported than is due because of corrections: later overage
 * uses that up first.
 * @param latest the highest revision of the meter, for all subscriptions
 * @param least the smallest number of units that the provider accepts; fewer wait
 */
export function nextReport(
  meter: IncludedMeter,
  {
    months,
    reports,
    latest,
    least,
  }: {
    months: readonly { units: number }[];
    reports: readonly OverageReport[];
    latest: number;
    least: bigint;
  },
): { meter: IncludedMeter; revision: number; units: number } | undefined {
  if (reports.some(({ deliveredAt }) => deliveredAt === null)) return undefined;
  const difference = owedUnits(months, reports);
  if (difference <= 0n || difference < least) return undefined;
  return { meter, revision: latest + 1, units: Number(difference) };
}

/** Whether a provider with this number of units has received an open report already. */
export const isAmongReported = (reports: readonly OverageReport[], open: OverageReport, atProvider: bigint) =>
  atProvider >=
  sum(reports.filter(({ deliveredAt }) => deliveredAt !== null).map(({ units }) => units)) +
    BigInt(open.units);

type OfMeter = Pick<OverageReport, 'subscriptionId' | 'meter'>;

/** The reports of an organization, and the counts of its months. */
export interface Counted {
  reports: readonly OverageReport[];
  months: readonly (OfMeter & { units: number })[];
}

/** The units of an open report when it is changed to all that are due. */
export function enlargedUnits(open: OverageReport, { reports, months }: Counted): number {
  const isOf = (row: OfMeter) => row.subscriptionId === open.subscriptionId && row.meter === open.meter;
  const delivered = reports.filter((each) => isOf(each) && each.deliveredAt !== null);
  return Math.max(open.units, Number(owedUnits(months.filter(isOf), delivered)));
}
