import { firstIdAt } from '../../kernel/core/index.ts';
import type { STATS_PERIODS } from './audit-trail.schemas.ts';

export interface TimeRange {
  from?: Date | undefined;
  /** Exclusive. */
  to?: Date | undefined;
}

/** An entry's id is made slightly after its `createdAt`, always less than this. */
const ID_LAG_MS = 60_000;

/** The ids between which every entry of the range lies. */
export function getIdBounds({ from, to }: TimeRange): { first?: string; beyond?: string } {
  return {
    ...(from ? { first: firstIdAt('auditLog', from.getTime()) } : {}),
    ...(to ? { beyond: firstIdAt('auditLog', to.getTime() + ID_LAG_MS) } : {}),
  };
}

type Period = (typeof STATS_PERIODS)[number];
const DAY_MS = 86_400_000;
/** A Monday, from which weeks are counted. */
const WEEK_ORIGIN_MS = 4 * DAY_MS;

/** The start of the bucket that contains `at`, in UTC; weeks start on Monday. */
export function getBucketStart(period: Period, at: Date): Date {
  const ms = at.getTime();
  switch (period) {
    case 'daily':
      return new Date(Math.floor(ms / DAY_MS) * DAY_MS);
    case 'weekly':
      return new Date(Math.floor((ms - WEEK_ORIGIN_MS) / (7 * DAY_MS)) * 7 * DAY_MS + WEEK_ORIGIN_MS);
    case 'monthly':
      return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
  }
}

function shiftBucket(period: Period, start: Date, by: number): Date {
  if (period === 'monthly') return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + by, 1));
  return new Date(start.getTime() + by * (period === 'daily' ? 1 : 7) * DAY_MS);
}

/** The starts of the `count` buckets up to the one that contains `to`, oldest first. */
export function listBucketStarts(period: Period, to: Date, count: number): Date[] {
  const last = getBucketStart(period, to);
  return Array.from({ length: count }, (_, index) => shiftBucket(period, last, index - count + 1));
}
