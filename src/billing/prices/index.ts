export { createModelPrices } from './read-model-prices.ts';
export { getPrice } from './manage-prices.ts';
export { priceErrors } from './prices.errors.ts';
export { formatUnitPrice } from './prices.rules.ts';
export {
  MAX_NANOS,
  MAX_PRICES,
  NANO_DIGITS,
  priceFields,
  priceIdSchema,
  type PriceInput,
  priceParamsSchema,
} from './prices.schemas.ts';
