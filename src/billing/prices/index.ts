export { getPrice } from './manage-prices.ts';
export { priceErrors } from './prices.errors.ts';
export { formatUnitPrice } from './prices.rules.ts';
export { priceFields, priceIdSchema, priceParamsSchema } from './prices.schemas.ts';
