import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { changesOf, newPriceOf, presentPrice, requireDistinctStarts } from './prices.rules.ts';
import { countPrices, insertPrices, selectPricesInForce } from './prices.queries.ts';
import type { CreatedPricesView, CreatePrices } from './prices.schemas.ts';

/**
 * Stores prices, all or none. A price ends when the next one of the same meter, provider, region, model and service starts. A
 * price that equals the one in force at its start (also one of the list) is left out, so that a list can be sent again.
 * Earlier costs stay as they are until their usage is priced again.
 * @throws AppError `request.invalid` for two prices of the same usage and start, `request.stale` when other prices were
 * stored or deleted in the meantime
 */
export async function createPrices(ctx: Ctx, input: CreatePrices): Promise<CreatedPricesView> {
  const asked = input.prices.map(newPriceOf);
  requireDistinctStarts(asked);
  const [inForce, [counted]] = await ctx.read(
    (q) => [selectPricesInForce(q, asked), countPrices(q)],
    systemScope,
  );
  const stored = new Map(
    inForce.rows.map(({ at, nanos, unitQuantity, effectiveFrom, effectiveTo }) => [
      asked[at]!,
      {
        nanos: BigInt(nanos),
        unitQuantity: BigInt(unitQuantity),
        effectiveFrom: new Date(effectiveFrom),
        effectiveTo: effectiveTo === null ? null : new Date(effectiveTo),
      },
    ]),
  );
  const rows = changesOf(asked, stored).map((price) => ({
    ...price,
    id: ctx.ids.create('priceVersion'),
    createdAt: new Date(ctx.clock.now()),
  }));
  const result = {
    created: rows.map((price) => presentPrice({ price, nextFrom: null, used: false })),
    unchangedCount: asked.length - rows.length,
  };
  if (rows.length === 0) return result;
  return ctx.commit({
    scope: systemScope,
    write: (q) => insertPrices(q, rows, counted?.count ?? 0),
    result,
  });
}
