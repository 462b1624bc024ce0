export { type ModelCapability, TOKEN_METERS, type TokenMeter } from './models.enums.ts';
export { type AiModel, findModel, hasCapability, type ModelSource } from './models.rules.ts';
