/**
 * Prices of AI models as the package `@pydantic/genai-prices` has them, in the form in which operators store prices. What cannot be
 * expressed exactly is reported, never approximated.
 */
import type { ConditionalPrice, ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import { parseDecimal } from '../../src/kernel/money/index.ts';
import { NANO_DIGITS, MAX_NANOS, type PriceInput } from '../../src/billing/prices/index.ts';

/** The meters of tokens, by the package's name of a price, which is for a million of them. */
const METERS: Readonly<Record<string, string>> = {
  input_mtok: 'ai_input_tokens',
  output_mtok: 'ai_output_tokens',
  cache_read_mtok: 'ai_cache_read_tokens',
  cache_write_mtok: 'ai_cache_write_tokens',
};
const TOKENS = 1_000_000;

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
  /** From when on it applies, ISO 8601. */
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
  for (const { constraint, prices: list } of prices as ConditionalPrice[]) {
    if (constraint !== undefined && constraint.type !== 'start_date') return 'depends on the time of day';
    const startsAt = constraint === undefined ? '' : new Date(constraint.start_date).toISOString();
    const last = starts.at(-1);
    if (last && startsAt <= last.startsAt) return 'has lists whose starts are not in order';
    starts.push({ startsAt, prices: list });
  }
  const [first] = starts;
  // Before its first start the package takes the first list; whether that was its price, it does not say.
  if (first === undefined || first.startsAt > from) return starts.length === 0 ? 'has no list' : starts;
  const begun = starts.findLastIndex(({ startsAt }) => startsAt <= from);
  return [{ ...starts[begun]!, startsAt: from }, ...starts.slice(begun + 1)];
}

/** Why a price cannot be stored; undefined for one that can. */
function faultOf(name: string, value: ModelPrice[string]): string | undefined {
  if (METERS[name] === undefined) return 'no meter counts what it prices';
  if (typeof value !== 'number') return 'depends on the amount that is used';
  const nanos = parseDecimal(String(value), NANO_DIGITS);
  if (nanos === null) return `is no decimal number with at most ${NANO_DIGITS} decimals: ${value}`;
  return nanos > MAX_NANOS ? 'is too large' : undefined;
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
  const entries = lists.flatMap(({ startsAt, prices }) =>
    Object.entries(prices)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ name, value, startsAt, fault: faultOf(name, value) })),
  );
  return {
    skipped: entries.flatMap(({ name, startsAt, fault }) =>
      fault === undefined ? [] : [skip(`${name} from ${startsAt.slice(0, 10)}`, fault)],
    ),
    prices: entries.flatMap(({ name, value, startsAt, fault }) =>
      fault !== undefined
        ? []
        : [
            {
              meter: METERS[name]!,
              provider: provider.id,
              region: null,
              model: model.id,
              // The shortest decimal text of the number, which is the one that the package was written with.
              unitPrice: String(value),
              unitQuantity: TOKENS,
              startsAt,
              endsAt: null,
              source,
            },
          ],
    ),
  };
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
