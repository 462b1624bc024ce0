import type { IncludedMeter } from '../../../identity/entitlements/index.ts';
import { OVERAGE_NAMES, overagePriceKey, providerErrors, type UsageReport } from '../index.ts';
import { findPrice } from './catalog.ts';
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

/** Usage that Paddle charges for, or will. */
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

/** The prices that were made for lines. */
export async function readPricesOf(
  call: PaddleCall,
  lines: readonly PaddleLine[],
): Promise<Map<string, PaddlePrice>> {
  const ids = [...new Set(lines.map(({ price_id: id }) => id))];
  if (ids.length === 0) return new Map();
  const prices = await readAll(call, `/prices?per_page=200&id=${ids.join(',')}`, priceSchema);
  return new Map(prices.map((price) => [price.id, price]));
}

/** What waits for the next renewal. */
async function waitingCharges(call: PaddleCall, subscription: string): Promise<Charge[]> {
  const path = `/subscriptions/${subscription}?include=next_transaction` as const;
  const { data } = await call(`GET ${path}`, subscriptionSchema);
  const lines = data.next_transaction?.details.line_items ?? [];
  const prices = await readPricesOf(call, lines);
  return lines.flatMap(({ price_id: id, quantity }) => toCharge(prices.get(id), quantity));
}

async function billedCharges(call: PaddleCall, filter: string): Promise<Charge[]> {
  const transactions = await readAll(call, `/transactions?per_page=200&${filter}`, transactionSchema);
  return transactions.flatMap(({ items }) =>
    items.flatMap(({ price, quantity }) => toCharge(price, quantity)),
  );
}

const subscriptionsOf = (call: PaddleCall, customer: string): Promise<PaddleSubscription[]> =>
  readAll(call, `/subscriptions?customer_id=${customer}&per_page=200`, subscriptionSchema);

/** The body of a charge whose price carries what makes it known again. */
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
 * Charges usage with the next renewal, or at once when there will be none. Paddle has no meters: a report is found again by the
 * identifier in the price of its charge. Two attempts at the same moment could charge twice, so reports of a customer go one
 * after the other.
 */
export async function reportUsage(call: PaddleCall, report: UsageReport): Promise<void> {
  const { customerId, meter, units, identifier } = report;
  if (units <= 0n) return;
  const live = (await subscriptionsOf(call, customerId)).find(({ status }) => status !== 'canceled');
  const choice = live && toProviderSubscription(live).choice;
  if (!live || !choice)
    throw providerErrors.providerRefused({
      detail: 'there is no subscription that usage could be charged to',
    });
  const known = [
    ...(await waitingCharges(call, live.id)),
    ...(await billedCharges(call, `subscription_id=${live.id}`)),
  ];
  if (known.some((charge) => charge.identifier === identifier)) return;
  const price = await findPrice(call, overagePriceKey(meter, choice.interval, choice.planVersion));
  const ends = live.scheduled_change?.action === 'cancel';
  const body = toBody(price, report, ends ? 'immediately' : 'next_billing_period');
  await call(`POST /subscriptions/${live.id}/charge`, idSchema, body);
}

/** See `ProviderInvoicing`: what was charged or waits for it, whenever it was reported. */
export async function readReportedUnits(
  call: PaddleCall,
  customer: string,
  meter: IncludedMeter,
): Promise<bigint> {
  const charges = await billedCharges(call, `customer_id=${customer}`);
  for (const { id, status } of await subscriptionsOf(call, customer))
    if (status !== 'canceled') charges.push(...(await waitingCharges(call, id)));
  return charges.reduce((sum, each) => sum + (each.meter === meter ? each.units : 0n), 0n);
}
