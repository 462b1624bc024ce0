type GradeLimits = readonly [excellent: number, good: number, fair: number];

/** SSIM from which a copy is excellent, good or fair; copies need 0.96 by default. */
export const SSIM_LIMITS: GradeLimits = [0.98, 0.95, 0.9];
/** Mean opinion scores in hundredths; speech that most people are satisfied with has 4.0 (ITU-T G.107). */
export const MOS_LIMITS: GradeLimits = [430, 400, 360];

/** A share with four decimals; null without cases. */
export const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
