/**
 * Prices of AI models as the package `@pydantic/genai-prices` has them, in the form in which operators store prices. What cannot be
 * expressed exactly is reported, never approximated.
 */
import type { ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import { formatDecimal, parseDecimal } from '../../src/kernel/money/index.ts';
import { NANO_DIGITS, MAX_NANOS, type PriceInput } from '../../src/billing/prices/index.ts';

/** The meters of tokens, by the package's name of a price, which is for a million of them. */
const METERS: ReadonlyMap<string, string> = new Map([
  ['input_mtok', 'ai_input_tokens'],
  ['output_mtok', 'ai_output_tokens'],
  ['cache_read_mtok', 'ai_cache_read_tokens'],
  ['cache_write_mtok', 'ai_cache_write_tokens'],
]);
const TOKENS = 1_000_000;

/**
 * Providers that charge half of each price, also of a cache, for requests in batches, as their price lists say; the
 * package has no prices of batches.
 */
const HALF_IN_BATCHES: ReadonlySet<string> = new Set(['anthropic']);

/** A price that was left out. */
export interface SkippedPrice {
  provider: string;
  model: string;
  price: string;
  reason: string;
}

export interface ModelPrices {
  prices: PriceInput[];
  skipped: SkippedPrice[];
}

interface PriceList {
  /** When it begins to apply, ISO 8601. */
  startsAt: string;
  prices: ModelPrice;
}

/**
 * The price lists of a model that apply at a moment or later. Of several lists the package takes the last one that has begun; a
 * list without a start is the first.
 * @returns a reason where the lists depend on something else than a start
 */
function listsOf({ prices }: ModelInfo, from: string): PriceList[] | string {
  if (!Array.isArray(prices)) return [{ startsAt: from, prices }];
  const starts: PriceList[] = [];
  for (const { constraint, prices: list } of prices) {
    if (constraint !== undefined && constraint.type !== 'start_date') return 'depends on the time of day';
    const startsAt = constraint === undefined ? '' : new Date(constraint.start_date).toISOString();
    const last = starts.at(-1);
    if (last && startsAt <= last.startsAt) return 'has lists whose starts are not in order';
    starts.push({ startsAt, prices: list });
  }
  const [first] = starts;
  // Before its first start the package takes the first list; whether that was its price, it does not say.
  if (first === undefined || first.startsAt > from) return starts.length === 0 ? 'has no list' : starts;
  const begun = starts.filter(({ startsAt }) => startsAt <= from).at(-1) ?? first;
  return [{ ...begun, startsAt: from }, ...starts.filter(({ startsAt }) => startsAt > from)];
}

interface StorablePrice {
  meter: string;
  unitPrice: string;
}

/** A price of single requests, and that of batches where the provider has one. */
function withBatch(price: PriceInput): PriceInput[] {
  const nanos = parseDecimal(price.unitPrice, NANO_DIGITS)!;
  if (!HALF_IN_BATCHES.has(price.provider ?? '') || nanos % 2n !== 0n) return [price];
  return [price, { ...price, service: 'batch', unitPrice: formatDecimal(nanos / 2n, NANO_DIGITS) }];
}

/** A price in the form of the rate card, or why it cannot be stored. */
function storableOf(name: string, value: ModelPrice[string]): StorablePrice | string {
  const meter = METERS.get(name);
  if (meter === undefined) return 'no meter counts what it prices';
  if (typeof value !== 'number') return 'depends on the amount that is used';
  // The shortest decimal text of the number, which is the one that the package was written with.
  const unitPrice = String(value);
  const nanos = parseDecimal(unitPrice, NANO_DIGITS);
  if (nanos === null) return `is no decimal number with at most ${NANO_DIGITS} decimals: ${value}`;
  return nanos > MAX_NANOS ? 'is too large' : { meter, unitPrice };
}

/** The prices of a model from a moment on. */
function pricesOfModel(provider: Provider, model: ModelInfo, from: string, source: string): ModelPrices {
  const skip = (price: string, reason: string): SkippedPrice => ({
    provider: provider.id,
    model: model.id,
    price,
    reason,
  });
  const lists = listsOf(model, from);
  if (typeof lists === 'string') return { prices: [], skipped: [skip('all', lists)] };
  const found: ModelPrices = { prices: [], skipped: [] };
  for (const { startsAt, prices } of lists)
    for (const [name, value] of Object.entries(prices)) {
      if (value === undefined) continue;
      const storable = storableOf(name, value);
      if (typeof storable === 'string')
        found.skipped.push(skip(`${name} from ${startsAt.slice(0, 10)}`, storable));
      else
        found.prices.push(
          ...withBatch({
            ...storable,
            provider: provider.id,
            region: null,
            model: model.id,
            service: null,
            unitQuantity: TOKENS,
            startsAt,
            endsAt: null,
            source,
          }),
        );
    }
  return found;
}

/**
 * The prices of all models of some providers.
 * @param from ISO 8601: the package does not say since when a price without a start applies
 */
export function modelPrices(
  providers: readonly Provider[],
  { from, source }: { from: string; source: string },
): ModelPrices {
  const all = providers.flatMap((provider) =>
    provider.models.map((model) => pricesOfModel(provider, model, from, source)),
  );
  return { prices: all.flatMap(({ prices }) => prices), skipped: all.flatMap(({ skipped }) => skipped) };
}
