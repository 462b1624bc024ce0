import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import { formatDecimal, type Nanos, parseDecimal } from '../../kernel/money/index.ts';
import { NANO_DIGITS, type PriceInput, type PriceView } from './prices.schemas.ts';
import type { StoredPrice } from './prices.tables.ts';

/** A price without the fields that storing it adds. */
export type NewPrice = Omit<StoredPrice, 'id' | 'createdAt'>;

/** The price that a request asks for. */
export function newPriceOf({ unitPrice, unitQuantity, startsAt, endsAt, ...rest }: PriceInput): NewPrice {
  const nanos = parseDecimal(unitPrice, NANO_DIGITS);
  if (nanos === null) throw new RangeError('the schema takes exact decimals only');
  return {
    ...rest,
    nanos,
    unitQuantity: BigInt(unitQuantity),
    effectiveFrom: new Date(startsAt),
    effectiveTo: endsAt === null ? null : new Date(endsAt),
  };
}

/** @throws AppError `request.invalid` for two prices of the same usage that start at the same moment */
export function requireDistinctStarts(prices: readonly NewPrice[]): void {
  const seen = new Set<string>();
  const errors = prices.flatMap(
    ({ meter, provider, region, model, service, effectiveFrom }, at): FieldError[] => {
      const identity = JSON.stringify([meter, provider, region, model, service, effectiveFrom]);
      if (seen.has(identity))
        return [{ pointer: `/prices/${at}/startsAt`, message: 'is the start of another price for the same' }];
      seen.add(identity);
      return [];
    },
  );
  if (errors.length > 0) throw requestErrors.invalid({ errors: errors.slice(0, 50) });
}

/** The part of a price that decides whether another one repeats it, with its start. */
type AppliedPrice = Pick<StoredPrice, 'nanos' | 'unitQuantity' | 'effectiveFrom' | 'effectiveTo'>;

const isSamePrice = (one: AppliedPrice, other: AppliedPrice): boolean =>
  one.nanos === other.nanos &&
  one.unitQuantity === other.unitQuantity &&
  one.effectiveTo?.getTime() === other.effectiveTo?.getTime();

/**
 * The price that applies when both have started; `later` was stored after `stored`, so it wins if they start together.
 */
const latest = (stored: AppliedPrice | undefined, later: AppliedPrice | undefined) =>
  stored && later && stored.effectiveFrom > later.effectiveFrom ? stored : (later ?? stored);

/**
 * The prices of a list without those that repeat the price in force at their start: a stored one, or one of the list
 * that starts earlier.
 * @param stored the stored price of the same usage that applies at the start of each
 */
export function changesOf(
  asked: readonly NewPrice[],
  stored: ReadonlyMap<NewPrice, AppliedPrice>,
): NewPrice[] {
  const before = new Map<string, NewPrice>();
  const changes = new Set<NewPrice>();
  for (const price of asked.toSorted((a, b) => a.effectiveFrom.getTime() - b.effectiveFrom.getTime())) {
    const { meter, provider, region, model, service } = price;
    const usage = JSON.stringify([meter, provider, region, model, service]);
    const applied = latest(stored.get(price), before.get(usage));
    if (!applied || !isSamePrice(applied, price)) changes.add(price);
    before.set(usage, price);
  }
  return asked.filter((price) => changes.has(price));
}

/** Fields that a list shows in addition to the row. */
export interface ListedPrice {
  price: StoredPrice;
  /** The start of the next price of the same meter, provider, region, model and service; null for none. */
  nextFrom: Date | null;
  used: boolean;
}

/** A price per `unitQuantity` as the API shows it: a decimal number of USD. */
export const formatUnitPrice = (nanos: Nanos): string => formatDecimal(nanos, NANO_DIGITS);

const earlier = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other < one) ? other : one;

export function presentPrice({ price, nextFrom, used }: ListedPrice): PriceView {
  const { id, meter, provider, region, model, service, nanos, unitQuantity, effectiveFrom, effectiveTo } =
    price;
  return {
    id,
    meter,
    provider,
    region,
    model,
    service,
    unitPrice: formatUnitPrice(nanos),
    unitQuantity: Number(unitQuantity),
    currency: 'USD',
    startsAt: effectiveFrom.toISOString(),
    endsAt: earlier(effectiveTo, nextFrom)?.toISOString() ?? null,
    source: price.source,
    used,
    createdAt: price.createdAt.toISOString(),
  };
}
