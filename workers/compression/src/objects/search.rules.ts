/** The pure search for the smallest encoding that reaches a quality. */

/** One encoding that was measured. `setting` rises with quality: quality of an image, 63 − CRF of a video. */
export interface Probe {
  setting: number;
  ssim: number;
}

export interface SettingRange {
  lowest: number;
  highest: number;
  first: number;
  /** How much `toScale(ssim)` rises with one step; from experience, for the first step. */
  slope: number;
}

/** SSIM on a scale on which it rises nearly evenly with the setting. */
export const toScale = (ssim: number): number => -Math.log(Math.max(1e-6, 1 - ssim));

const clamp = (value: number, { lowest, highest }: SettingRange) =>
  Math.min(highest, Math.max(lowest, value));

/** The setting at which a line through two probes, or through one with the slope of experience, has the SSIM. */
export function solveSetting(probes: readonly Probe[], target: number, range: SettingRange): number {
  const [a, b] = [...probes].sort(
    (p, q) => Math.abs(toScale(p.ssim) - toScale(target)) - Math.abs(toScale(q.ssim) - toScale(target)),
  );
  if (!a) return range.first;
  const measured =
    b && b.setting !== a.setting ? (toScale(b.ssim) - toScale(a.ssim)) / (b.setting - a.setting) : 0;
  const slope = measured > range.slope / 8 ? measured : range.slope;
  return clamp(a.setting + (toScale(target) - toScale(a.ssim)) / slope, range);
}

/**
 * The next setting to measure; undefined when the best is known: the lowest that reaches the target lies one step above
 * one that does not, or at the end of the range.
 */
export function chooseProbe(
  probes: readonly Probe[],
  target: number,
  range: SettingRange,
): number | undefined {
  const reaching = probes.filter(({ ssim }) => ssim >= target).map(({ setting }) => setting);
  const missing = probes.filter(({ ssim }) => ssim < target).map(({ setting }) => setting);
  const least = Math.min(...reaching, range.highest + 1);
  const most = Math.max(...missing, range.lowest - 1);
  if (least - most <= 1) return undefined;
  const wanted = Math.ceil(solveSetting(probes, target, range));
  return Math.min(least - 1, Math.max(most + 1, wanted));
}

/** Frames of a recording that are encoded to choose its CRF. */
export interface SamplePlan {
  segments: number;
  frames: number;
}

/** Probes for each segment: two points give the line of the title. */
export const PROBES_OF_SEGMENT = 2;
const SEARCH_SHARE = 0.3;
const MOST_SEGMENTS = 4;
const FRAMES_OF_SEGMENT = { least: 17, most: 33 };

/**
 * Which frames may be encoded for the search: at most 30 % of all, so that it costs less than 40 % of the encoding;
 * undefined when too few are left to be worth it.
 */
export function planSamples(totalFrames: number): SamplePlan | undefined {
  const frames = Math.floor((totalFrames * SEARCH_SHARE) / PROBES_OF_SEGMENT);
  if (frames < FRAMES_OF_SEGMENT.least) return undefined;
  const segments = Math.min(MOST_SEGMENTS, Math.max(1, Math.floor(frames / FRAMES_OF_SEGMENT.least)));
  return { segments, frames: Math.min(FRAMES_OF_SEGMENT.most, Math.floor(frames / segments)) };
}
