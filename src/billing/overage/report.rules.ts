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
/** Providers remember identifiers for a day. A report that waited for so long is looked for before it is sent again. */
const DOUBTFUL_AFTER_MS = 20 * HOUR_MS;

/** Until when a run that takes a report now sends it alone. */
export const claimedUntil = (nowMs: number): Date => new Date(nowMs + CLAIMED_MS);

/** Subscriptions that ended at this moment or before it are over for reports. */
export const endedTooEarly = (nowMs: number): Date => new Date(nowMs - REPORTED_AFTER_END_MS);

/**
 * The moment for which usage is reported: the last second of a subscription that has ended; null for that at which the provider
 * receives it, so that no period that was invoiced meanwhile gets it.
 */
export const reportMoment = (endedAt: Date | null): number | null =>
  endedAt === null ? null : endedAt.getTime() - 1000;

/** Names a report at the provider, for ever. */
export const reportIdentifier = ({
  organizationId,
  meter,
  revision,
}: Pick<OverageReport, 'organizationId' | 'meter' | 'revision'>): string =>
  `${organizationId}:${meter}:${revision}`;

export const isDoubtful = ({ createdAt }: OverageReport, nowMs: number): boolean =>
  nowMs - createdAt.getTime() > DOUBTFUL_AFTER_MS;

const sum = (units: readonly number[]) => units.reduce((total, each) => total + BigInt(each), 0n);

/** What is owed for months and was not reported. */
const owedUnits = (months: readonly { units: number }[], reports: readonly { units: number }[]): bigint =>
  sum(months.map(({ units }) => units)) - sum(reports.map(({ units }) => units));

/** The fewest units whose price is an amount. */
export function leastUnits(meter: IncludedMeter, amount: Micros): bigint {
  const price = overagePrices().find((each) => each.meter === meter)!.amount;
  return (amount + price - 1n) / price;
}

/**
 * The next report of a meter of a subscription: the difference between what is owed for its months and what was reported. None while a
 * report waits for its delivery, and none while corrections have made more reported than is owed: later overage uses that up first.
 * @param latest the highest revision of the meter, of whatever subscription
 * @param least the fewest units that the provider takes; fewer wait for more
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

/** Whether a provider that has so many units has an open report already. */
export const isAmongReported = (reports: readonly OverageReport[], open: OverageReport, atProvider: bigint) =>
  atProvider >=
  sum(reports.filter(({ deliveredAt }) => deliveredAt !== null).map(({ units }) => units)) +
    BigInt(open.units);

type OfMeter = Pick<OverageReport, 'subscriptionId' | 'meter'>;

/** What was reported of an organization, and what its months have. */
export interface Counted {
  reports: readonly OverageReport[];
  months: readonly (OfMeter & { units: number })[];
}

/** The units of an open report when it becomes one of all that is owed. */
export function enlargedUnits(open: OverageReport, { reports, months }: Counted): number {
  const isOf = (row: OfMeter) => row.subscriptionId === open.subscriptionId && row.meter === open.meter;
  const delivered = reports.filter((each) => isOf(each) && each.deliveredAt !== null);
  return Math.max(open.units, Number(owedUnits(months.filter(isOf), delivered)));
}
