/** Adds calendar months in UTC; a day that the month lacks becomes its last. */
export function addMonths(moment: number, months: number): number {
  const from = new Date(moment * 1000);
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return to.getTime() / 1000;
}

export interface Interval {
  interval: string;
  interval_count: number;
}

const DAYS: Record<string, number> = { day: 1, week: 7 };

/** The end of the n-th period after an anchor. */
export function periodAfter(
  anchor: number,
  { interval, interval_count: count }: Interval,
  n: number,
): number {
  const days = DAYS[interval];
  if (days !== undefined) return anchor + days * count * n * 86_400;
  return addMonths(anchor, (interval === 'year' ? 12 : 1) * count * n);
}

/** The first end of a period that is later than a moment. Counted from the anchor, so the 31st stays the 31st. */
export function nextPeriodEnd(anchor: number, interval: Interval, after: number): number {
  const length = (periodAfter(anchor, interval, 12) - anchor) / 12;
  let n = Math.max(0, Math.floor((after - anchor) / length) - 1);
  while (periodAfter(anchor, interval, n) <= after) n += 1;
  return periodAfter(anchor, interval, n);
}
