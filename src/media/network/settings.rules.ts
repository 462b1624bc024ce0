import type { NetworkConditions } from './conditions.rules.ts';
import { SEND_LEVELS } from './levels.rules.ts';
import type { CompressionMode, VideoCodec } from './network.enums.ts';
import type { SendLimits } from './recommendation.rules.ts';

/** One layer of a video: its size, and its bits at most. */
export interface VideoLayer {
  height: number;
  maxBps: number;
  framesPerSecond: number;
}

/** How to send sound and video. */
export interface SendSettings {
  audio: {
    maxBps: number;
    /** Whether Opus repairs single losses within its bits (in-band FEC). */
    fec: boolean;
    /** Whether silence is not sent. */
    dtx: boolean;
    /** Whether each packet repeats the one before (RED). */
    red: boolean;
  };
  /** Null for sound alone. */
  video: {
    /** For tracks that are published from now on: a running video keeps its codec. */
    codec: VideoCodec;
    /** Layers of one encoding in the notation of WebRTC, `L2T2`; null for a codec whose layers are encodings of their own. */
    scalabilityMode: string | null;
    maxBps: number;
    framesPerSecond: number;
    /** From the smallest to the largest; their bits together are at most `maxBps`. */
    layers: VideoLayer[];
  } | null;
}

const LOSSY = 0.02;
/** Redundant sound takes its bits from the video, so there must be a video. */
const RED_MIN_TOTAL_BPS = 300_000;
const MAX_SPEECH_BPS = 32_000;
const RED_SPEECH_BPS = 64_000;

function audioSettings({ lossRatio }: NetworkConditions, totalBps: number, mode: CompressionMode) {
  const isLossy = (lossRatio ?? 0) >= LOSSY;
  const red = isLossy && totalBps >= RED_MIN_TOTAL_BPS;
  return {
    maxBps: red ? RED_SPEECH_BPS : Math.min(MAX_SPEECH_BPS, totalBps),
    fec: isLossy,
    dtx: mode !== 'conservative',
    red,
  };
}

/** A codec that saves more costs more to encode: only where the network is short, or the mode asks, and the device can. */
function chooseCodec(totalBps: number, mode: CompressionMode, { cpuLimited }: SendLimits): VideoCodec {
  if (cpuLimited) return 'vp8';
  if (mode === 'aggressive') return totalBps <= 600_000 ? 'av1' : 'vp9';
  return mode === 'adaptive' && totalBps <= 2_000_000 ? 'vp9' : 'vp8';
}

/** Below this height a second, smaller layer shows nothing. */
const MIN_LAYERED_HEIGHT = 360;
const THREE_LAYERS_HEIGHT = 720;
/** Each smaller layer has half the height, and about a quarter of the bits. */
const BITS_OF_HALF = 0.25;

function layersOf(maxBps: number, height: number, framesPerSecond: number): VideoLayer[] {
  const count = height >= THREE_LAYERS_HEIGHT ? 3 : height >= MIN_LAYERED_HEIGHT ? 2 : 1;
  const weights = Array.from({ length: count }, (_, index) => BITS_OF_HALF ** (count - 1 - index));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight, index) => ({
    height: Math.round(height / 2 ** (count - 1 - index)),
    maxBps: Math.floor((maxBps * weight) / sum),
    framesPerSecond: index === count - 1 ? framesPerSecond : Math.min(framesPerSecond, 20),
  }));
}

/**
 * How to send at a level. Sound comes first; video gets the remaining bits. All bits together are those of the level,
 * so a lower level is never more, whatever the sound needs because of loss.
 */
export function settingsOfLevel(
  level: number,
  conditions: NetworkConditions,
  mode: CompressionMode,
  limits: SendLimits,
): SendSettings {
  const { totalBps, height, framesPerSecond } = SEND_LEVELS[level]!;
  const audio = audioSettings(conditions, totalBps, mode);
  if (height === 0) return { audio, video: null };
  const codec = chooseCodec(totalBps, mode, limits);
  const maxBps = totalBps - audio.maxBps;
  const layers = layersOf(maxBps, height, framesPerSecond);
  const isLayered = codec === 'vp9' || codec === 'av1';
  const scalabilityMode = isLayered ? `L${layers.length}T2${layers.length > 1 ? '_KEY' : ''}` : null;
  return { audio, video: { codec, scalabilityMode, maxBps, framesPerSecond, layers } };
}
