import type { Ctx } from '../../kernel/context/index.ts';
import type { UnitPrice } from '../../kernel/money/index.ts';
import type { AiModel } from './models.rules.ts';
import type { ModelRates } from './cost.rules.ts';
import type { TokenMeter } from './models.enums.ts';

/** A price as it is shown: a decimal number of USD for so many tokens, with its id and where it is from. */
export interface ListedModelPrice {
  priceId: string;
  unitPrice: string;
  unitQuantity: number;
  source: string;
  startsAt: string;
}

/** What a model costs, by meter; null where no price is known. */
export type ListedModelPrices = Readonly<Record<TokenMeter, ListedModelPrice | null>>;

/**
 * What models cost. A later domain knows: it keeps the only prices. They are at most a minute old.
 */
export interface ModelPrices {
  find(ctx: Ctx, model: Pick<AiModel, 'id' | 'provider'>): Promise<ModelRates>;
  /** The prices of models as they are now, in the order of the models. */
  list(ctx: Ctx, models: readonly Pick<AiModel, 'id' | 'provider'>[]): Promise<readonly ListedModelPrices[]>;
  /** What a meter costs that is not one of tokens; null where no price is known. */
  findOfMeter(ctx: Ctx, meter: string, model: { provider: string; model: string }): Promise<UnitPrice | null>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    modelPrices: ModelPrices;
  }
}
