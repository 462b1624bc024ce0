import { MOST_SEATS } from '../../../identity/entitlements/index.ts';
import { type Micros, toMinorUnits } from '../../../kernel/money/index.ts';
import type { PlanInterval } from '../../plans/index.ts';
import {
  CATALOG_CURRENCY,
  OVERAGE_NAMES,
  overagePrices,
  type PlanChoice,
  planPriceKey,
  planPrices,
  seatName,
  seatPriceKey,
  seatPrices,
  withoutPrice,
} from '../index.ts';
import { type PaddleCall, readAll } from './create-paddle-client.ts';
import { idSchema, type PaddlePrice, priceSchema, productSchema } from './paddle.schemas.ts';
import { DATA, dataText } from './subscriptions.rules.ts';

const INTERVAL_NAMES = { monthly: 'month', yearly: 'year' } as const satisfies Record<PlanInterval, string>;
/** The most units of a charge. */
const MOST_UNITS = 999_999_999;

const planName = (plan: string) => `AuraLink ${plan[0]?.toUpperCase()}${plan.slice(1)}`;

/** @throws Error for an amount that is not a whole number of the currency's smallest unit */
function minorUnits(amountMicros: Micros): bigint {
  const { minorUnits: units, rounding } = toMinorUnits({ amountMicros, currency: CATALOG_CURRENCY });
  if (rounding !== 0n)
    throw new Error(`${amountMicros} micro-units are no whole amount of ${CATALOG_CURRENCY}`);
  return units;
}

/** The prices of the catalogue that Paddle has, by their names. */
export async function readPrices(call: PaddleCall): Promise<Map<string, PaddlePrice>> {
  const prices = await readAll(call, '/prices?status=active&per_page=200', priceSchema);
  return new Map(
    prices.flatMap((price) => {
      const key = dataText(price.custom_data, DATA.price);
      return key === null ? [] : [[key, price] as const];
    }),
  );
}

function pick(prices: ReadonlyMap<string, PaddlePrice>, key: string): PaddlePrice {
  const price = prices.get(key);
  if (!price) throw withoutPrice('Paddle', [key]);
  return price;
}

/** @throws AppError `billing.provider_unavailable` without a catalogue */
export const findPrice = async (call: PaddleCall, key: string): Promise<PaddlePrice> =>
  pick(await readPrices(call), key);

/**
 * The prices of a choice; the price of a seat only for a choice with seats.
 * @throws AppError `billing.provider_unavailable` without a catalogue
 */
export async function findChoicePrices(
  call: PaddleCall,
  choice: PlanChoice,
): Promise<{ plan: PaddlePrice; seat: PaddlePrice | undefined }> {
  const prices = await readPrices(call);
  return {
    plan: pick(prices, planPriceKey(choice)),
    seat: choice.seats > 0 ? pick(prices, seatPriceKey(choice)) : undefined,
  };
}

interface WantedPrice {
  key: string;
  amount: Micros;
  product: string;
  name: string;
  /** Null for a single charge. */
  interval: PlanInterval | null;
  /** The most units that one item can have. */
  most: number;
}

function wantedPrices(): WantedPrice[] {
  const plans = planPrices().map(({ key, amount, plan, interval }) => ({
    key,
    amount,
    product: plan,
    name: planName(plan),
    interval,
    most: 1,
  }));
  const seats = seatPrices().map(({ key, amount, plan, interval }) => ({
    key,
    amount,
    product: `seat_${plan}`,
    name: seatName(plan),
    interval,
    most: MOST_SEATS,
  }));
  const overage = overagePrices().map(({ key, amount, meter }) => ({
    key,
    amount,
    product: `overage_${meter}`,
    name: OVERAGE_NAMES[meter],
    interval: null,
    most: MOST_UNITS,
  }));
  return [...plans, ...seats, ...overage];
}

/** The ids of the products, by name; missing ones are created. */
async function ensureProducts(
  call: PaddleCall,
  wanted: readonly WantedPrice[],
): Promise<Map<string, string>> {
  const existing = await readAll(call, '/products?status=active&per_page=200', productSchema);
  const ids = new Map<string, string>();
  for (const { id, custom_data: data } of existing) {
    const name = dataText(data, DATA.product);
    if (name !== null) ids.set(name, id);
  }
  for (const { product, name } of wanted) {
    if (ids.has(product)) continue;
    const body = { name, tax_category: 'saas', custom_data: { [DATA.product]: product } };
    ids.set(product, (await call('POST /products', idSchema, body)).data.id);
  }
  return ids;
}

/**
 * Creates missing parts of the catalogue. Two runs at once may create something twice, because Paddle has no unique
 * names.
 */
export async function ensureCatalog(call: PaddleCall): Promise<string[]> {
  const wanted = wantedPrices();
  const products = await ensureProducts(call, wanted);
  const existing = await readPrices(call);
  const made: string[] = [];
  for (const { key, amount, product, name, interval, most } of wanted) {
    const units = minorUnits(amount);
    const found = existing.get(key);
    if (found && found.unit_price.amount !== units)
      throw new Error(`the price ${key} exists with another amount; offer a new version of the plan instead`);
    if (found) continue;
    const body = {
      product_id: products.get(product),
      description: key,
      name,
      unit_price: { amount: String(units), currency_code: CATALOG_CURRENCY },
      billing_cycle: interval === null ? null : { interval: INTERVAL_NAMES[interval], frequency: 1 },
      tax_mode: 'external',
      quantity: { minimum: 1, maximum: most },
      custom_data: { [DATA.price]: key },
    };
    await call('POST /prices', idSchema, body);
    made.push(key);
  }
  return made;
}
