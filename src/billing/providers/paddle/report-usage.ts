import type { IncludedMeter } from '../../../identity/entitlements/index.ts';
import {
  OVERAGE_NAMES,
  overagePriceKey,
  providerErrors,
  type ReportedUsage,
  type UsageReport,
} from '../index.ts';
import { findPrice } from './catalog.ts';
import { readPaddleSubscription } from './end-trial.ts';
import { type PaddleCall, readAll } from './create-paddle-client.ts';
import {
  idSchema,
  type PaddleLine,
  type PaddlePrice,
  type PaddleSubscription,
  priceSchema,
  subscriptionSchema,
  transactionSchema,
} from './paddle.schemas.ts';
import { DATA, dataText, meterOfPrice, toProviderSubscription } from './subscriptions.rules.ts';

/** Usage that Paddle has charged or will charge. */
interface Charge {
  identifier: string;
  meter: IncludedMeter;
  units: bigint;
}

function toCharge(price: PaddlePrice | null | undefined, quantity: number): Charge[] {
  const meter = meterOfPrice(price);
  const identifier = dataText(price?.custom_data, DATA.identifier);
  return meter === null || identifier === null ? [] : [{ identifier, meter, units: BigInt(quantity) }];
}

/** The prices that were created for lines. */
export async function readPricesOf(
  call: PaddleCall,
  lines: readonly PaddleLine[],
): Promise<Map<string, PaddlePrice>> {
  const ids = [...new Set(lines.map(({ price_id: id }) => id))];
  if (ids.length === 0) return new Map();
  const prices = await readAll(call, `/prices?per_page=200&id=${ids.join(',')}`, priceSchema);
  return new Map(prices.map((price) => [price.id, price]));
}

/** Charges that wait for the next renewal. */
async function waitingCharges(call: PaddleCall, subscription: string): Promise<Charge[]> {
  const path = `/subscriptions/${subscription}?include=next_transaction` as const;
  const { data } = await call(`GET ${path}`, subscriptionSchema);
  const lines = data.next_transaction?.details.line_items ?? [];
  const prices = await readPricesOf(call, lines);
  return lines.flatMap(({ price_id: id, quantity }) => toCharge(prices.get(id), quantity));
}

async function billedCharges(call: PaddleCall, subscription: string): Promise<Charge[]> {
  const path = `/transactions?per_page=200&subscription_id=${subscription}` as const;
  const transactions = await readAll(call, path, transactionSchema);
  return transactions.flatMap(({ items }) =>
    items.flatMap(({ price, quantity }) => toCharge(price, quantity)),
  );
}

/** Usage that was charged to a subscription, or waits for its renewal. */
const chargesOf = async (call: PaddleCall, { id, status }: PaddleSubscription): Promise<Charge[]> => [
  ...(status === 'canceled' ? [] : await waitingCharges(call, id)),
  ...(await billedCharges(call, id)),
];

/** The body of a charge, whose price contains the identifier of the report. */
function toBody(price: PaddlePrice, report: UsageReport, from: 'immediately' | 'next_billing_period') {
  const { meter, units, identifier } = report;
  const own = {
    product_id: price.product_id,
    description: identifier,
    name: OVERAGE_NAMES[meter],
    unit_price: { amount: String(price.unit_price.amount), currency_code: price.unit_price.currency_code },
    tax_mode: 'external',
    quantity: { minimum: 1, maximum: Number(units) },
    custom_data: { [DATA.meter]: meter, [DATA.identifier]: identifier },
  };
  return { effective_from: from, items: [{ price: own, quantity: Number(units) }] };
}

/**
 * Charges usage with the next renewal, or at once when there will be none. Paddle has no meters: a report is found
 * again by the identifier in the price of its charge. Two attempts at the same moment would charge twice, so only one
 * run sends a report.
 */
export async function reportUsage(call: PaddleCall, report: UsageReport): Promise<void> {
  const { subscriptionId, meter, units, identifier } = report;
  if (units <= 0n) return;
  const subscription = await readPaddleSubscription(call, subscriptionId);
  const { choice } = toProviderSubscription(subscription);
  const known = await chargesOf(call, subscription);
  if (known.some((charge) => charge.identifier === identifier)) return;
  if (subscription.status === 'canceled' || !choice)
    throw providerErrors.providerRefused({ detail: 'usage can no longer be charged to the subscription' });
  const price = await findPrice(call, overagePriceKey(meter, choice.interval, choice.planVersion));
  const ends = subscription.scheduled_change?.action === 'cancel';
  const body = toBody(price, report, ends ? 'immediately' : 'next_billing_period');
  await call(`POST /subscriptions/${subscriptionId}/charge`, idSchema, body);
}

/** See `ProviderInvoicing`: all usage that was charged or waits to be charged, whenever it was reported. */
export async function readReportedUnits(
  call: PaddleCall,
  { subscriptionId, meter }: ReportedUsage,
): Promise<bigint> {
  const charges = await chargesOf(call, await readPaddleSubscription(call, subscriptionId));
  return charges.reduce((sum, each) => sum + (each.meter === meter ? each.units : 0n), 0n);
}
