import type { Stripe } from 'stripe';
import { INCLUDED_METERS, type IncludedMeter } from '../../../identity/entitlements/index.ts';
import { type Micros, toMinorUnits } from '../../../kernel/money/index.ts';
import type { PlanInterval } from '../../plans/index.ts';
import {
  CATALOG_CURRENCY,
  OVERAGE_NAMES,
  overagePrices,
  planPrices,
  seatName,
  seatPrices,
  SOLD_PLANS,
} from '../index.ts';
import { meterEventName, overageProduct, productId, seatProduct } from './catalog.rules.ts';
import type { StripeCall } from './create-stripe-client.ts';
import { runChange } from './run-change.ts';

const INTERVAL_NAMES = { monthly: 'month', yearly: 'year' } as const satisfies Record<PlanInterval, string>;

/** @throws Error for an amount that is not a whole number of the currency's smallest unit */
function minorUnits(amountMicros: Micros): number {
  const { minorUnits: units, rounding } = toMinorUnits({ amountMicros, currency: CATALOG_CURRENCY });
  if (rounding !== 0n)
    throw new Error(`${amountMicros} micro-units are no whole amount of ${CATALOG_CURRENCY}`);
  return Number(units);
}

/** The contents of the account, read once; new objects are added. */
interface Existing {
  products: Set<string>;
  /** Ids of meters by the name of their events. */
  meters: Map<string, string>;
}

async function readExisting(call: StripeCall): Promise<Existing> {
  const [products, meters] = await Promise.all([
    call((sdk) => sdk.products.list({ ids: allProducts(), limit: 100 })),
    call((sdk) => sdk.billing.meters.list({ limit: 100 })),
  ]);
  return {
    products: new Set(products.data.map(({ id }) => id)),
    meters: new Map(meters.data.map(({ event_name: name, id }) => [name, id])),
  };
}

const allProducts = (): string[] => [
  ...SOLD_PLANS.flatMap((plan) => [productId(plan), seatProduct(plan)]),
  ...INCLUDED_METERS.map(overageProduct),
];

async function ensureProduct(
  call: StripeCall,
  { products }: Existing,
  id: string,
  name: string,
): Promise<void> {
  if (products.has(id)) return;
  await runChange(`product/${id}`, async (idempotencyKey, isFirst) => {
    if (!isFirst && (await call((sdk) => sdk.products.list({ ids: [id] }))).data.length > 0) return;
    await call((sdk) => sdk.products.create({ id, name }, { idempotencyKey }));
  });
  products.add(id);
}

async function ensureMeter(call: StripeCall, { meters }: Existing, meter: IncludedMeter): Promise<string> {
  const name = meterEventName(meter);
  const id =
    meters.get(name) ??
    (await runChange(`meter/${name}`, (key, isFirst) => ensureMeterOnce(call, meter, key, isFirst)));
  meters.set(name, id);
  return id;
}

async function ensureMeterOnce(
  call: StripeCall,
  meter: IncludedMeter,
  idempotencyKey: string,
  isFirst: boolean,
): Promise<string> {
  const name = meterEventName(meter);
  if (!isFirst) {
    const { data } = await call((sdk) => sdk.billing.meters.list({ limit: 100 }));
    const found = data.find(({ event_name }) => event_name === name);
    if (found) return found.id;
  }
  const params: Stripe.Billing.MeterCreateParams = {
    display_name: OVERAGE_NAMES[meter],
    event_name: name,
    default_aggregation: { formula: 'sum' },
    customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
    value_settings: { event_payload_key: 'value' },
  };
  return (await call((sdk) => sdk.billing.meters.create(params, { idempotencyKey }))).id;
}

interface WantedPrice {
  key: string;
  amount: Micros;
  product: string;
  interval: PlanInterval;
  meter?: string;
}

/** @returns whether it was made @throws Error when it exists with another amount */
async function ensurePrice(
  call: StripeCall,
  existing: ReadonlyMap<string | null, Stripe.Price>,
  { key, amount, product, interval, meter }: WantedPrice,
): Promise<boolean> {
  const unitAmount = minorUnits(amount);
  const found = existing.get(key);
  if (found && found.unit_amount !== unitAmount)
    throw new Error(`the price ${key} exists with another amount; offer a new version of the plan instead`);
  if (found) return false;
  const params: Stripe.PriceCreateParams = {
    currency: CATALOG_CURRENCY.toLowerCase(),
    product,
    unit_amount: unitAmount,
    lookup_key: key,
    // An archived price still has the name.
    transfer_lookup_key: true,
    tax_behavior: 'exclusive',
    recurring: {
      interval: INTERVAL_NAMES[interval],
      ...(meter === undefined ? {} : { usage_type: 'metered', meter }),
    },
  };
  // If a failed request has created the price, its name is taken: the next run finds it.
  await runChange(`price/${key}`, (idempotencyKey) =>
    call((sdk) => sdk.prices.create(params, { idempotencyKey })),
  );
  return true;
}

async function wantedPrices(call: StripeCall): Promise<WantedPrice[]> {
  const wanted: WantedPrice[] = [];
  const existing = await readExisting(call);
  for (const plan of SOLD_PLANS)
    await ensureProduct(
      call,
      existing,
      productId(plan),
      `AuraLink ${plan[0]?.toUpperCase()}${plan.slice(1)}`,
    );
  for (const { plan, ...price } of planPrices()) wanted.push({ ...price, product: productId(plan) });
  for (const { plan, ...price } of seatPrices()) {
    const product = seatProduct(plan);
    await ensureProduct(call, existing, product, seatName(plan));
    wanted.push({ ...price, product });
  }
  for (const { meter: name, ...price } of overagePrices()) {
    const product = overageProduct(name);
    const meter = await ensureMeter(call, existing, name);
    await ensureProduct(call, existing, product, OVERAGE_NAMES[name]);
    wanted.push({ ...price, product, meter });
  }
  return wanted;
}

/** The most names that Stripe accepts in one request. */
const NAMES_AT_ONCE = 10;

/** The prices that can be sold, by their names: an archived one is missing. */
export async function readPrices(
  call: StripeCall,
  keys: readonly string[],
): Promise<Map<string | null, Stripe.Price>> {
  const found = new Map<string | null, Stripe.Price>();
  for (let from = 0; from < keys.length; from += NAMES_AT_ONCE) {
    const lookup_keys = keys.slice(from, from + NAMES_AT_ONCE);
    const { data } = await call((sdk) => sdk.prices.list({ lookup_keys, active: true, limit: 100 }));
    for (const price of data) found.set(price.lookup_key, price);
  }
  return found;
}

/** Creates missing products, meters and prices of the catalogue. @returns the keys of the new prices */
export async function ensureCatalog(call: StripeCall): Promise<string[]> {
  const made: string[] = [];
  const wanted = await wantedPrices(call);
  const existing = await readPrices(
    call,
    wanted.map(({ key }) => key),
  );
  for (const price of wanted) if (await ensurePrice(call, existing, price)) made.push(price.key);
  return made;
}
