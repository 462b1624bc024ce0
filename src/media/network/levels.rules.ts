import type { CompressionMode } from './network.enums.ts';

/** One step of what a participant sends: all bits together, and the largest video within them. */
export interface SendLevel {
  /** Sound and video together, in bits per second. */
  totalBps: number;
  /** Height of the largest layer in pixels; 0 for sound alone. */
  height: number;
  framesPerSecond: number;
}

/** From the least to the most. Each has 1.5 to 2 times the bits of the one before. */
export const SEND_LEVELS: readonly SendLevel[] = [
  { totalBps: 24_000, height: 0, framesPerSecond: 0 },
  { totalBps: 64_000, height: 0, framesPerSecond: 0 },
  { totalBps: 160_000, height: 180, framesPerSecond: 15 },
  { totalBps: 320_000, height: 270, framesPerSecond: 20 },
  { totalBps: 600_000, height: 360, framesPerSecond: 24 },
  { totalBps: 1_100_000, height: 540, framesPerSecond: 30 },
  { totalBps: 1_800_000, height: 720, framesPerSecond: 30 },
  { totalBps: 3_000_000, height: 1080, framesPerSecond: 30 },
];
export const TOP_LEVEL = SEND_LEVELS.length - 1;
/** The lowest level with video. */
export const FIRST_VIDEO_LEVEL = SEND_LEVELS.findIndex(({ height }) => height > 0);
/**
 * With fewer bits in all, no video is worth sending. Its encoder sends less than the level by itself, so the next lower
 * level is sound alone.
 */
const LEAST_VIDEO_BPS = 80_000;

/** What a network must carry for a level. */
export const neededBps = (level: number): number =>
  level === FIRST_VIDEO_LEVEL ? LEAST_VIDEO_BPS : SEND_LEVELS[level]!.totalBps;

/** What a mode makes of a network. */
export interface ModeTargets {
  /** Share of the forecast that is used. */
  share: number;
  /** The highest level, even in a network that carries more. */
  topLevel: number;
  /** Share of the bits of the top level that the mode aims to save, 0 to 1: an aim, not a promise. */
  targetSavingRatio: number;
}

/**
 * The targets are those that organizations know from the modes of frames: half, four fifths, nine tenths. A mode that saves more
 * sends no more than another in any network.
 */
export const MODE_TARGETS: Readonly<Record<Exclude<CompressionMode, 'off'>, ModeTargets>> = {
  conservative: { share: 0.9, topLevel: 6, targetSavingRatio: 0.5 },
  adaptive: { share: 0.8, topLevel: 5, targetSavingRatio: 0.8 },
  aggressive: { share: 0.65, topLevel: 4, targetSavingRatio: 0.9 },
};
