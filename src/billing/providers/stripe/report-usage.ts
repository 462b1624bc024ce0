import type { ProviderInvoicing, UsageReport } from '../index.ts';
import { causeOf, type StripeCall } from './create-stripe-client.ts';
import { meterEventName } from './catalog.rules.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Stripe remembers an identifier for a day and refuses a repeated one, which means that it has the report already. */
const isRepeated = (error: unknown) => {
  const { code, param, message = '' } = causeOf(error);
  return code === 'duplicate_meter_event' || (param === 'identifier' && message.includes('already exists'));
};

export async function reportUsage(call: StripeCall, report: UsageReport): Promise<void> {
  const { customerId, meter, units, atMs, identifier } = report;
  const params = {
    event_name: meterEventName(meter),
    payload: { stripe_customer_id: customerId, value: String(units) },
    ...(atMs === null ? {} : { timestamp: Math.floor(atMs / 1000) }),
    identifier,
  };
  try {
    await call((sdk) => sdk.billing.meterEvents.create(params));
  } catch (error) {
    if (!isRepeated(error)) throw error;
  }
}

/** See `ProviderInvoicing`. Stripe has one sum for a customer, whose subscriptions are distinguished by their time. */
export async function readReportedUnits(
  call: StripeCall,
  { customerId: customer, meter, fromMs, untilMs }: Parameters<ProviderInvoicing['readReportedUnits']>[0],
): Promise<bigint> {
  const { data } = await call((sdk) => sdk.billing.meters.list({ status: 'active', limit: 100 }));
  const id = data.find(({ event_name: name }) => name === meterEventName(meter))?.id;
  if (id === undefined) return 0n;
  // Stripe accepts whole minutes, and its clock may be ahead.
  const start = Math.floor(fromMs / MINUTE_MS) * 60;
  const end = (Math.floor(untilMs / HOUR_MS) + 2) * 3_600;
  const params = { customer, start_time: start, end_time: end };
  const summaries = await call((sdk) => sdk.billing.meters.listEventSummaries(id, params));
  return summaries.data.reduce((total, { aggregated_value: value }) => total + BigInt(value), 0n);
}
