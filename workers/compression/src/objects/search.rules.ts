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
  /** How much less that is with each unit of the scale above 3: pictures that are easy gain less. */
  flattening?: number;
}

/** SSIM on a scale on which it rises nearly evenly with the setting. */
export const toScale = (ssim: number): number => -Math.log(Math.max(1e-6, 1 - ssim));

const slopeAt = (ssim: number, { slope, flattening = 0 }: SettingRange) =>
  Math.max(slope / 2, slope - flattening * (toScale(ssim) - 3));

export const clamp = (value: number, { lowest, highest }: SettingRange) =>
  Math.min(highest, Math.max(lowest, value));

/** The setting at which a line through two probes, or through one with the slope of experience, has the SSIM. */
export function solveSetting(probes: readonly Probe[], target: number, range: SettingRange): number {
  const [a, b] = [...probes].sort(
    (p, q) => Math.abs(toScale(p.ssim) - toScale(target)) - Math.abs(toScale(q.ssim) - toScale(target)),
  );
  if (!a) return range.first;
  const measured =
    b && b.setting !== a.setting ? (toScale(b.ssim) - toScale(a.ssim)) / (b.setting - a.setting) : 0;
  const slope = measured > range.slope / 8 ? measured : slopeAt(a.ssim, range);
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
