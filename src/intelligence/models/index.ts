export { ceilMicros, costMicros, type ModelRates, type TokenCounts } from './cost.rules.ts';
export { selectPlatformModels } from './models.queries.ts';
export { type ModelCapability, TOKEN_METERS, type TokenMeter } from './models.enums.ts';
export { AI_MODELS, type AiModel, findModel, hasCapability, type ModelSource } from './models.rules.ts';
export type { ListedModelPrice, ListedModelPrices, ModelPrices } from './models.ports.ts';
