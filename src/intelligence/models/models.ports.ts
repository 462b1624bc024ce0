import type { Ctx } from '../../kernel/context/index.ts';
import type { UnitPrice } from '../../kernel/money/index.ts';
import type { AiModel } from './models.rules.ts';
import type { ModelRates } from './cost.rules.ts';

/**
 * What models cost. A later domain knows: it keeps the only prices. They are at most a minute old.
 */
export interface ModelPrices {
  find(ctx: Ctx, model: Pick<AiModel, 'id' | 'provider'>): Promise<ModelRates>;
  /** What a meter costs that is not one of tokens; null where no price is known. */
  findOfMeter(ctx: Ctx, meter: string, model: { provider: string; model: string }): Promise<UnitPrice | null>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    modelPrices: ModelPrices;
  }
}
