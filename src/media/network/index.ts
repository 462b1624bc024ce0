export { analyzeNetwork, type NetworkConditions } from './conditions.rules.ts';
export { MODE_TARGETS, SEND_LEVELS } from './levels.rules.ts';
export {
  COMPRESSION_MODES,
  type CompressionMode,
  NETWORK_QUALITIES,
  type NetworkQuality,
  type VideoCodec,
} from './network.enums.ts';
export { decideLevel, type LevelState, type SendLimits } from './recommendation.rules.ts';
export type { NetworkSample } from './samples.rules.ts';
export { type SendSettings, settingsOfLevel } from './settings.rules.ts';
