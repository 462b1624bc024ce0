import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import type { Clock } from '../../kernel/core/index.ts';
import type { UnitPrice } from '../../kernel/money/index.ts';
import {
  AI_MODELS,
  type ListedModelPrices,
  type ModelPrices,
  TOKEN_METERS,
} from '../../intelligence/models/index.ts';
import { selectPricesFor, selectPricesOfModels } from './prices.queries.ts';
import { formatUnitPrice } from './prices.rules.ts';

const FRESH_MS = 60_000;

/** The dimensions of usage that its price depends on. */
interface PricedModel {
  provider: string;
  model: string;
  service?: 'batch';
}

type Rates = Readonly<Record<string, UnitPrice | null>>;

async function readRates(ctx: Ctx, meters: readonly string[], dimensions: PricedModel): Promise<Rates> {
  const now = new Date(ctx.clock.now());
  const [{ rows }] = await ctx.read((q) => [selectPricesFor(q, meters, { ...dimensions }, now)], systemScope);
  const found = new Map(
    rows.map(({ meter, nanos, unitQuantity }) => [
      meter,
      { nanos: BigInt(nanos), unitQuantity: BigInt(unitQuantity) },
    ]),
  );
  return Object.fromEntries(meters.map((meter) => [meter, found.get(meter) ?? null]));
}

/** The prices of models as they are shown; they are read again for each list. */
const listPrices: ModelPrices['list'] = async (ctx, models) => {
  const asked = models.map(({ id, provider }) => ({ provider, model: id }));
  const now = new Date(ctx.clock.now());
  const [{ rows }] = await ctx.read((q) => [selectPricesOfModels(q, TOKEN_METERS, asked, now)], systemScope);
  const found = new Map(
    rows.map(({ at, meter, id, nanos, unitQuantity, source, startsAt }) => [
      `${at} ${meter}`,
      {
        priceId: id,
        unitPrice: formatUnitPrice(BigInt(nanos)),
        unitQuantity: Number(unitQuantity),
        source,
        startsAt,
      },
    ]),
  );
  return models.map(
    (_model, at) =>
      Object.fromEntries(
        TOKEN_METERS.map((meter) => [meter, found.get(`${at} ${meter}`) ?? null]),
      ) as ListedModelPrices,
  );
};

/** The prices of all models of the catalogue, in one read. */
async function readCatalogue(ctx: Ctx): Promise<Map<string, Rates>> {
  const asked = AI_MODELS.map(({ id: model, provider }) => ({ provider, model }));
  const now = new Date(ctx.clock.now());
  const [{ rows }] = await ctx.read((q) => [selectPricesOfModels(q, TOKEN_METERS, asked, now)], systemScope);
  const prices = new Map(
    rows.map(({ at, meter, nanos, unitQuantity }) => [
      `${at} ${meter}`,
      { nanos: BigInt(nanos), unitQuantity: BigInt(unitQuantity) },
    ]),
  );
  return new Map(
    asked.map((model, at) => [
      keyOf(TOKEN_METERS, model),
      Object.fromEntries(TOKEN_METERS.map((meter) => [meter, prices.get(`${at} ${meter}`) ?? null])),
    ]),
  );
}

const keyOf = ([meter]: readonly string[], { provider, model, service }: PricedModel) =>
  `${meter} ${provider} ${model} ${service ?? ''}`;

/** The prices of models for budgets of AI, which are those of cost lines. Kept for a minute in each isolate. */
export function createModelPrices(clock: Clock): ModelPrices {
  const kept = new Map<string, { rates: Rates; readAtMs: number }>();
  const rates = async (ctx: Ctx, meters: readonly string[], model: PricedModel) => {
    const key = keyOf(meters, model);
    const known = kept.get(key);
    if (known && clock.now() - known.readAtMs < FRESH_MS) return known.rates;
    const read = await readRates(ctx, meters, model);
    kept.set(key, { rates: read, readAtMs: clock.now() });
    return read;
  };
  /** One read for each request, because a request cannot wait for the I/O of another one. */
  const catalogues = new WeakMap<Ctx, Promise<Map<string, Rates>>>();
  const find = async (ctx: Ctx, model: { provider: string; model: string }) => {
    const known = kept.get(keyOf(TOKEN_METERS, model));
    if (known && clock.now() - known.readAtMs < FRESH_MS) return known.rates;
    const reading = catalogues.get(ctx) ?? readCatalogue(ctx);
    catalogues.set(ctx, reading);
    const read = (await reading).get(keyOf(TOKEN_METERS, model));
    if (!read) return rates(ctx, TOKEN_METERS, model);
    // An unknown price is searched for again by the next request.
    if (Object.values(read).some((price) => price !== null))
      kept.set(keyOf(TOKEN_METERS, model), { rates: read, readAtMs: clock.now() });
    return read;
  };
  return {
    list: listPrices,
    find: (ctx, { id: model, provider }) => find(ctx, { provider, model }),
    findOfBatch: (ctx, { id: model, provider }) =>
      rates(ctx, TOKEN_METERS, { provider, model, service: 'batch' }),
    findOfMeter: async (ctx, meter, model) => (await rates(ctx, [meter], model))[meter]!,
  };
}
