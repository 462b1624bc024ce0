import type { Ctx } from '../../kernel/context/index.ts';
import type { AiModel } from './models.rules.ts';
import type { ModelRates } from './cost.rules.ts';

/**
 * What models cost. A later domain knows: it keeps the only prices. They are at most a minute old.
 */
export interface ModelPrices {
  find(ctx: Ctx, model: Pick<AiModel, 'id' | 'provider'>): Promise<ModelRates>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    modelPrices: ModelPrices;
  }
}
