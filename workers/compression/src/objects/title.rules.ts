/** The pure rules by which a recording's setting is chosen, from encodings of parts of it. */
import type { VideoTask } from './object-messages.ts';
import { chooseProbe, clamp, type Probe, type SettingRange, solveSetting, toScale } from './search.rules.ts';

/** CRF as a setting that rises with quality. */
export const toCrf = (setting: number) => 63 - setting;

export const CRF_RANGES: Readonly<Record<VideoTask['codec'], SettingRange>> = {
  av1: { lowest: toCrf(62), highest: toCrf(14), first: toCrf(36), slope: 0.035 },
  h264: { lowest: toCrf(38), highest: toCrf(12), first: toCrf(24), slope: 0.09 },
};
export const FASTEST_PRESET = 10;

/** One segment, encoded with one setting. */
export interface SegmentProbe extends Probe {
  /** How far the whole recording is above the segment on the scale, as far as that is known. */
  shift: number;
}

/**
 * Segments measure less than the same frames in the whole, where the encoder sees more frames before and after: by 0.05
 * on eight clips. The difference is a margin here, because a copy that misses the quality costs a whole encoding.
 */
const SEGMENT_LOSS = 0.04;

/** The setting at which the mean SSIM of the recording reaches the target, when each step adds `slope` everywhere. */
export function solveTitle(
  probes: readonly SegmentProbe[],
  target: number,
  slope: number,
  range: SettingRange,
): number {
  if (probes.length === 0) return range.first;
  const losses = probes.map(({ setting, ssim, shift }) =>
    Math.exp(-(toScale(ssim) + shift + SEGMENT_LOSS - slope * setting)),
  );
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return clamp(Math.ceil((toScale(target) + Math.log(mean)) / slope), range);
}

/** The slope that two encodings of one segment show, near that of experience. */
export function measureSlope(a: Probe, b: Probe, { slope }: SettingRange): number {
  const measured = (toScale(b.ssim) - toScale(a.ssim)) / (b.setting - a.setting);
  return Math.min(slope * 2, Math.max(slope / 2, measured || slope));
}

/** Further away a line says too little: the segment is measured again at the setting that it led to. */
export const FAR = 6;

export interface SearchPlan {
  segments: number;
  /** Frames of each segment. */
  frames: number;
  /** Whether all frames are encoded by the fastest preset first, which shows how segments differ from the whole. */
  hasPilot: boolean;
}

const FRAMES_OF_SEGMENT = { least: 17, most: 33 };
const MOST_SEGMENTS = 24;
/** A longer recording has room for enough segments to represent the whole. */
const PILOT_FRAMES = 1_500;
/** Slower presets take at least six times what the fastest takes. */
const PILOT_PRESET = 5;
/** Share of the frames; a pilot costs as much as some 20 % of them, so the search stays below 40 % of the encoding. */
const SHARE = { alone: 0.32, withPilot: 0.17 };

/** Which frames are encoded for the search; undefined when too few are left to be worth it. */
export function planSearch(totalFrames: number, preset: number): SearchPlan | undefined {
  const hasPilot = preset > 0 && preset <= PILOT_PRESET && totalFrames <= PILOT_FRAMES;
  const frames = Math.floor(totalFrames * (hasPilot ? SHARE.withPilot : SHARE.alone));
  const { least, most } = FRAMES_OF_SEGMENT;
  if (frames < least) return undefined;
  // Without a pilot one segment is measured twice.
  const encodings = Math.max(1, Math.floor(frames / most));
  const segments = Math.min(MOST_SEGMENTS, hasPilot ? encodings : Math.max(1, encodings - 1));
  const share = Math.floor(frames / (hasPilot ? segments : segments + 1));
  if (share < least) return { segments: 1, frames: Math.min(most, frames), hasPilot };
  return { segments, frames: Math.min(most, share), hasPilot };
}

/** Pixels of all frames: 15 and 45 minutes of 720p at 30 frames a second. */
const SLOW_PIXELS = 2.5e10;
const MEDIUM_PIXELS = 7.5e10;
export const MUCH_PIXELS = 1_280 * 720;

/**
 * The preset of SVT-AV1 where none is asked: the smallest copies that still take at most some 40 minutes of two cores, and
 * 1 GiB: slow presets hold more pictures.
 */
export function choosePreset(pixels: number, frames: number): number {
  if (pixels > MUCH_PIXELS) return 6;
  if (pixels * frames <= SLOW_PIXELS) return 4;
  return pixels * frames <= MEDIUM_PIXELS ? 5 : 6;
}

/** Share of the bytes that one step of the setting saves. */
const BYTES_OF_STEP = 0.055;
const WORTH_SAVING = 0.05;
/** Time for one copy. Longer encodings are not repeated to save some bytes. */
const MOST_CPU_MS = 60_000;
const MOST_COPIES = 3;

/**
 * The setting with which a recording is encoded once more, after copies of it were measured in full: always when all missed the
 * quality; when one is better than asked, only where this should save 5 % of its bytes and takes less than a minute of a core.
 */
export function chooseRepeat(
  copies: readonly Probe[],
  target: number,
  cpuMs: number,
  range: SettingRange,
): number | undefined {
  if (copies.length >= MOST_COPIES) return undefined;
  const next = chooseProbe(copies, target, range);
  const reaching = copies.filter(({ ssim }) => ssim >= target).map(({ setting }) => setting);
  if (next === undefined || reaching.length === 0) return next;
  // The search of an image would look one step below; a whole encoding is not spent where a miss is expected.
  if (next < Math.ceil(solveSetting(copies, target, range))) return undefined;
  const saving = 1 - (1 - BYTES_OF_STEP) ** (Math.min(...reaching) - next);
  return saving >= WORTH_SAVING && cpuMs <= MOST_CPU_MS ? next : undefined;
}
