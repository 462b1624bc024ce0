import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { priceErrors } from './prices.errors.ts';
import { deletePriceRow, selectPrice, selectPrices } from './prices.queries.ts';
import type { ListedPrice } from './prices.rules.ts';
import type { ListPrices } from './prices.schemas.ts';

// Prices belong to no organization: only the operator manages them, in the system's scope.

/** Lists prices, the last stored first. */
export async function listPrices(ctx: Ctx, query: ListPrices): Promise<Page<ListedPrice>> {
  const before = readCursor(query.cursor);
  const [rows] = await ctx.read((q) => [selectPrices(q, query, before)], systemScope);
  return pageOf(rows, query.limit, ({ price }) => price.id);
}

/** @throws AppError `prices.not_found` */
export async function getPrice(ctx: Ctx, priceId: string): Promise<ListedPrice> {
  const [[found]] = await ctx.read((q) => [selectPrice(q, priceId)], systemScope);
  if (!found) throw priceErrors.notFound();
  return found;
}

/**
 * Deletes a price that was stored by mistake and with which no cost was calculated.
 * @throws AppError `prices.not_found` or `prices.in_use`
 */
export async function deletePrice(ctx: Ctx, priceId: string): Promise<void> {
  await ctx.commit({ scope: systemScope, write: (q) => deletePriceRow(q, priceId), result: undefined });
}
