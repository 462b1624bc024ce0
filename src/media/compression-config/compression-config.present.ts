import { MODE_TARGETS } from '../network/index.ts';
import { type EffectiveConfig, PRODUCT_CONFIG } from './compression-config.rules.ts';
import type { ConfigView, EffectiveConfigView } from './compression-config.schemas.ts';
import type { CompressionConfigRow } from './compression-config.tables.ts';

export const presentConfig = (row: CompressionConfigRow): ConfigView => ({
  roomId: row.roomId,
  userId: row.userId,
  mode: row.mode,
  maxSendBps: row.maxSendBps,
  codec: row.codec,
  minSsim: row.minSsim,
  updatedAt: row.updatedAt.toISOString(),
});

/** The config of the organization; without one, that of the product. */
export const presentOrganizationConfig = (row: CompressionConfigRow | undefined): ConfigView =>
  row ? presentConfig(row) : { roomId: null, userId: null, ...PRODUCT_CONFIG, updatedAt: null };

export const presentEffectiveConfig = (config: EffectiveConfig): EffectiveConfigView => ({
  ...config,
  targetSavingRatio: config.mode === 'off' ? 0 : MODE_TARGETS[config.mode].targetSavingRatio,
});
