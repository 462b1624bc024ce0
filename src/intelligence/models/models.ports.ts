import type { Ctx } from '../../kernel/context/index.ts';
import type { UnitPrice } from '../../kernel/money/index.ts';
import type { AiModel } from './models.rules.ts';
import type { ModelRates } from './cost.rules.ts';
import type { TokenMeter } from './models.enums.ts';

/** A price as it is shown: a decimal number of USD for a number of tokens, with its id and source. */
export interface ListedModelPrice {
  priceId: string;
  unitPrice: string;
  unitQuantity: number;
  source: string;
  startsAt: string;
}

/** The prices of a model, by meter; null when one is unknown. */
export type ListedModelPrices = Readonly<Record<TokenMeter, ListedModelPrice | null>>;

/**
 * The prices of models. A later domain provides them, because it stores the only prices. They are at most a minute
 * old.
 */
export interface ModelPrices {
  find(ctx: Ctx, model: Pick<AiModel, 'id' | 'provider'>): Promise<ModelRates>;
  /** The same for requests in batches, whose prices are their own. */
  findOfBatch(ctx: Ctx, model: Pick<AiModel, 'id' | 'provider'>): Promise<ModelRates>;
  /** The prices of models as they are now, in the order of the models. */
  list(ctx: Ctx, models: readonly Pick<AiModel, 'id' | 'provider'>[]): Promise<readonly ListedModelPrices[]>;
  /** The price of a meter that does not count tokens; null when it is unknown. */
  findOfMeter(ctx: Ctx, meter: string, model: { provider: string; model: string }): Promise<UnitPrice | null>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    modelPrices: ModelPrices;
  }
}
