import type { CompressionMode } from '../network/index.ts';
import type { CompressionConfigRow } from './compression-config.tables.ts';

/** Where a value comes from: `plan` when the plan does not have the feature, `product` when it was set nowhere. */
export const CONFIG_SOURCES = ['plan', 'user', 'room', 'organization', 'product'] as const;
export type ConfigSource = (typeof CONFIG_SOURCES)[number];

/** What holds when nothing was set. */
export const PRODUCT_CONFIG = { mode: 'off', maxSendBps: null } as const;

/** What holds for a participant, and why. */
export interface EffectiveConfig {
  mode: CompressionMode;
  modeSource: ConfigSource;
  /** Bits per second that the participant sends at most; null for no limit. */
  maxSendBps: number | null;
  maxSendBpsSource: ConfigSource;
}

type ConfigValues = Pick<CompressionConfigRow, 'roomId' | 'userId' | 'mode' | 'maxSendBps'>;

/** What is more particular first. */
const sourceOf = ({ roomId, userId }: ConfigValues): 'user' | 'room' | 'organization' =>
  userId !== null ? 'user' : roomId !== null ? 'room' : 'organization';
const RANK = ['user', 'room', 'organization'] as const;

/**
 * What holds for a participant: each value from the most particular config that sets it. Without the feature the mode is `off`; limits
 * hold all the same, because they only take away.
 * @param configs of the participant, the room and the organization, those that there are
 * @param included whether the plan has the feature
 */
export function resolveConfig(configs: readonly ConfigValues[], included: boolean): EffectiveConfig {
  const ranked = configs.toSorted((a, b) => RANK.indexOf(sourceOf(a)) - RANK.indexOf(sourceOf(b)));
  const ofMode = ranked.find(({ mode }) => mode !== null);
  const ofLimit = ranked.find(({ maxSendBps }) => maxSendBps !== null);
  const limit = {
    maxSendBps: ofLimit?.maxSendBps ?? PRODUCT_CONFIG.maxSendBps,
    maxSendBpsSource: ofLimit ? sourceOf(ofLimit) : 'product',
  } as const;
  if (!included) return { mode: 'off', modeSource: 'plan', ...limit };
  return {
    mode: ofMode?.mode ?? PRODUCT_CONFIG.mode,
    modeSource: ofMode ? sourceOf(ofMode) : 'product',
    ...limit,
  };
}
