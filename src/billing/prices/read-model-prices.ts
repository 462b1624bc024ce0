import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import type { Clock } from '../../kernel/core/index.ts';
import { type ModelPrices, type ModelRates, TOKEN_METERS } from '../../intelligence/models/index.ts';
import { selectPricesFor } from './prices.queries.ts';

const FRESH_MS = 60_000;

async function readRates(ctx: Ctx, dimensions: { provider: string; model: string }): Promise<ModelRates> {
  const now = new Date(ctx.clock.now());
  const [{ rows }] = await ctx.read((q) => [selectPricesFor(q, TOKEN_METERS, dimensions, now)], systemScope);
  const found = new Map(
    rows.map(({ meter, nanos, unitQuantity }) => [
      meter,
      { nanos: BigInt(nanos), unitQuantity: BigInt(unitQuantity) },
    ]),
  );
  return Object.fromEntries(TOKEN_METERS.map((meter) => [meter, found.get(meter) ?? null])) as ModelRates;
}

/** The prices of models, as budgets of AI ask for them: those that cost lines have. Kept for a minute in each isolate. */
export function createModelPrices(clock: Clock): ModelPrices {
  const kept = new Map<string, { rates: ModelRates; readAtMs: number }>();
  return {
    async find(ctx, { id: model, provider }) {
      const key = `${provider} ${model}`;
      const known = kept.get(key);
      if (known && clock.now() - known.readAtMs < FRESH_MS) return known.rates;
      const rates = await readRates(ctx, { provider, model });
      kept.set(key, { rates, readAtMs: clock.now() });
      return rates;
    },
  };
}
