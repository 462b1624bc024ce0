import type { Account } from '../account/account.ts';
import type { Item, MeterEventRow } from '../account/stored.ts';

/** The events of a customer from a moment until before another. */
export function meterEvents(
  account: Account,
  meter: string,
  customer: string,
  period: { start: number; end: number },
): MeterEventRow[] {
  return account.store
    .all('billing.meter_event')
    .filter((event) => event.meter === meter && event.customer === customer && !event.cancelled)
    .filter(({ timestamp }) => timestamp >= period.start && timestamp < period.end);
}

/** One number for many events, by the formula of their meter. */
export function aggregate(formula: string, events: readonly MeterEventRow[]): number {
  if (formula === 'count') return events.length;
  if (formula === 'last')
    return Number(events.toSorted((a, b) => a.timestamp - b.timestamp).at(-1)?.value ?? 0);
  return events.reduce((sum, event) => sum + Number(event.value), 0);
}

/** The usage of a metered item in a period. */
export function usageOf(
  account: Account,
  item: Item,
  customer: string,
  period: { start: number; end: number },
): number {
  const meter = account.store.get('billing.meter', item.price.recurring?.meter ?? '');
  return aggregate(meter.default_aggregation.formula, meterEvents(account, meter.id, customer, period));
}
