import type { CopyCodec } from '../compression/index.ts';
import type { CompressionMode } from '../network/index.ts';
import type { CompressionConfigRow } from './compression-config.tables.ts';

/** Where a value comes from: `plan` when the plan does not have the feature, `product` when it was set nowhere. */
export const CONFIG_SOURCES = ['plan', 'user', 'room', 'organization', 'product'] as const;
export type ConfigSource = (typeof CONFIG_SOURCES)[number];

/** The values when nothing was set. At an SSIM of 0.96 most people see no difference. */
export const PRODUCT_CONFIG = { mode: 'off', maxSendBps: null, codec: 'av1', minSsim: 0.96 } as const;

/** The defaults of copies of recordings and files. */
export interface CopyConfig {
  codec: CopyCodec;
  minSsim: number;
}

/** The values that apply to a participant, and their sources. */
export interface EffectiveConfig extends CopyConfig {
  mode: CompressionMode;
  modeSource: ConfigSource;
  /** Bits per second that the participant sends at most; null for no limit. */
  maxSendBps: number | null;
  maxSendBpsSource: ConfigSource;
  codecSource: ConfigSource;
  minSsimSource: ConfigSource;
}

type ConfigValues = Pick<
  CompressionConfigRow,
  'roomId' | 'userId' | 'mode' | 'maxSendBps' | 'codec' | 'minSsim'
>;

/** The most particular first. */
const sourceOf = ({ roomId, userId }: ConfigValues): 'user' | 'room' | 'organization' =>
  userId !== null ? 'user' : roomId !== null ? 'room' : 'organization';
const RANK = ['user', 'room', 'organization'] as const;

/** The most particular config that sets a value, with the value. */
const firstOf = (ranked: readonly ConfigValues[], name: keyof typeof PRODUCT_CONFIG) => {
  const found = ranked.find((config) => config[name] !== null);
  return [found, found ? sourceOf(found) : 'product'] as const;
};

/**
 * The values for a participant: each comes from the most particular config that sets it. Without the feature the mode
 * is `off`; limits apply all the same, because they only reduce, and so do the settings of copies, which every plan
 * has.
 * @param configs of the participant, the room and the organization, those that there are
 * @param included whether the plan has the feature
 */
export function resolveConfig(configs: readonly ConfigValues[], included: boolean): EffectiveConfig {
  const ranked = configs.toSorted((a, b) => RANK.indexOf(sourceOf(a)) - RANK.indexOf(sourceOf(b)));
  const [ofMode, modeSource] = firstOf(ranked, 'mode');
  const [ofLimit, maxSendBpsSource] = firstOf(ranked, 'maxSendBps');
  const [ofCodec, codecSource] = firstOf(ranked, 'codec');
  const [ofSsim, minSsimSource] = firstOf(ranked, 'minSsim');
  return {
    mode: included ? (ofMode?.mode ?? PRODUCT_CONFIG.mode) : 'off',
    modeSource: included ? modeSource : 'plan',
    maxSendBps: ofLimit?.maxSendBps ?? PRODUCT_CONFIG.maxSendBps,
    maxSendBpsSource,
    codec: ofCodec?.codec ?? PRODUCT_CONFIG.codec,
    codecSource,
    minSsim: ofSsim?.minSsim ?? PRODUCT_CONFIG.minSsim,
    minSsimSource,
  };
}
