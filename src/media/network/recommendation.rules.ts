import type { NetworkConditions } from './conditions.rules.ts';
import { FIRST_VIDEO_LEVEL, MODE_TARGETS, neededBps, SEND_LEVELS, TOP_LEVEL } from './levels.rules.ts';
import type { CompressionMode } from './network.enums.ts';

/** Where a participant is on the levels, and since when. */
export interface LevelState {
  level: number;
  /** When the level was last changed, in milliseconds since the epoch. */
  changedAtMs: number;
  /** How long the next rise waits: it doubles when a rise turns out to be too much. */
  holdSeconds: number;
  /** Whether the last change was a rise. */
  rose: boolean;
}

/** What bounds the level beside the network. */
export interface SendLimits {
  /** Whether the device is too slow to encode what it should. */
  cpuLimited: boolean;
  /** The most that may be sent, in bits per second; null for no limit. */
  maxSendBps: number | null;
}

const FIRST_HOLD_SECONDS = 15;
const MAX_HOLD_SECONDS = 480;
/** A fall within this time after a rise was caused by the rise: at the end of its trial, or with the report after it. */
const RISE_FAILED_MS = 100_000;
/** A network that is this little short of the level is not short of it. */
const FALL_BELOW = 0.92;
/** A network must carry this much more than the next level needs. */
const RISE_ABOVE = 1.25;
/** How long a level is tried: as long as samples count that were measured below it. */
const TRIAL_MS = 60_000;
/** A network that loses and delays this little may be tried with more than it is known to carry. */
const CALM_SHARE = 0.8;
/** Browsers raise their estimate to one and a half times what they send; above this, it is not limited by what they send. */
const ABOVE_SENT = 1.3;
/** The most that an encoder that cannot keep up is asked for: 360p. */
const CPU_LEVEL = 4;

/** Straight between the points, level outside of them. */
function interpolate(value: number, [from, high]: [number, number], [to, low]: [number, number]): number {
  if (value <= from) return high;
  if (value >= to) return low;
  return high + ((low - high) * (value - from)) / (to - from);
}

/**
 * The share of the bandwidth that is left to use when packets are lost, or wait in queues. The worst sign counts alone: a queue that
 * overflows shows all three, and is one trouble.
 */
function troubleShare({ lossRatio, roundTripSeconds, jitterSeconds }: NetworkConditions): number {
  return Math.min(
    interpolate(lossRatio ?? 0, [0.02, 1], [0.15, 0.5]),
    interpolate(roundTripSeconds ?? 0, [0.2, 1], [1, 0.6]),
    interpolate(jitterSeconds ?? 0, [0.03, 1], [0.2, 0.7]),
  );
}

const levelOf = (bps: number) =>
  Math.max(
    0,
    SEND_LEVELS.findLastIndex((_, level) => neededBps(level) <= bps),
  );
const levelWithin = (maxBps: number) =>
  Math.max(
    0,
    SEND_LEVELS.findLastIndex(({ totalBps }) => totalBps <= maxBps),
  );

/** Without a bandwidth (some browsers do not estimate it), only loss shows that a level is too high. */
const lossLevel = (lossRatio: number | null) =>
  Math.round(interpolate(lossRatio ?? 0, [0.03, TOP_LEVEL], [0.2, 2]));

/** The bits per second that may be used, and the highest level, whatever the bits. */
function boundsOf(conditions: NetworkConditions, mode: Exclude<CompressionMode, 'off'>, limits: SendLimits) {
  const { share, topLevel } = MODE_TARGETS[mode];
  const { forecastBps, lossRatio } = conditions;
  const carriedBps = forecastBps === null ? Infinity : forecastBps * share * troubleShare(conditions);
  const byLimit = limits.maxSendBps === null ? TOP_LEVEL : levelWithin(limits.maxSendBps);
  const byLoss = forecastBps === null ? lossLevel(lossRatio) : TOP_LEVEL;
  const byDevice = limits.cpuLimited ? CPU_LEVEL : TOP_LEVEL;
  return { usableBps: carriedBps, highest: Math.min(topLevel, byLoss, byLimit, byDevice) };
}

/** The next rise waits twice as long when the last one was too much; it waits as at first once a level has lasted. */
function holdAfterFall({ rose, changedAtMs, holdSeconds }: LevelState, nowMs: number): number {
  const failed = rose && nowMs - changedAtMs <= RISE_FAILED_MS + holdSeconds * 1000;
  return failed ? Math.min(MAX_HOLD_SECONDS, holdSeconds * 2) : FIRST_HOLD_SECONDS;
}

const isCalm = (conditions: NetworkConditions) => troubleShare(conditions) >= CALM_SHARE;

/** The level after a trial that failed: the one below, or sound alone. */
const levelBelow = (level: number) => (level <= FIRST_VIDEO_LEVEL ? 0 : level - 1);

/**
 * A new level is kept until its own samples have come, as long as nothing is lost or late and the network carries the
 * level below.
 */
const isTried = (conditions: NetworkConditions, { level, rose, changedAtMs }: LevelState, nowMs: number) =>
  rose &&
  nowMs - changedAtMs < TRIAL_MS &&
  isCalm(conditions) &&
  (conditions.availableBps ?? Infinity) >= SEND_LEVELS[levelBelow(level)]!.totalBps;

/** Whether the estimate is as far above the sent bits as it can be: then it only shows that nothing is lost or late. */
const isLimitedBySent = (conditions: NetworkConditions, level: number) =>
  isCalm(conditions) && (conditions.availableBps ?? 0) >= SEND_LEVELS[level]!.totalBps * ABOVE_SENT;

/**
 * Whether the next level may be tried although the estimate does not reach it: even in a network that could carry
 * everything, the estimate never rises far above what is sent, and from sound alone it says nothing.
 */
const mayTry = (conditions: NetworkConditions, level: number) =>
  isLimitedBySent(conditions, level) || (level < FIRST_VIDEO_LEVEL && isCalm(conditions));

/**
 * The level for a network. It falls at once and as far as it must, and rises one level at a time, after the hold and
 * only when the network carries clearly more, or may be tried; a level that was too much is tried less and less often.
 * In a worse network the level from the same state is never higher.
 * @param state null for the first decision
 * @returns null in mode `off`
 */
export function decideLevel(
  conditions: NetworkConditions,
  mode: CompressionMode,
  limits: SendLimits,
  state: LevelState | null,
  nowMs: number,
): LevelState | null {
  if (mode === 'off') return null;
  const { usableBps, highest } = boundsOf(conditions, mode, limits);
  if (!state) {
    const level = Math.min(levelOf(usableBps), highest);
    return { level, changedAtMs: nowMs, holdSeconds: FIRST_HOLD_SECONDS, rose: false };
  }
  const { level, changedAtMs, holdSeconds } = state;
  const isKept = isTried(conditions, state, nowMs) || isLimitedBySent(conditions, level);
  const isShort = !isKept && usableBps < neededBps(level) * FALL_BELOW;
  const target = Math.min(isShort ? levelOf(usableBps) : level, highest);
  if (target < level)
    return { level: target, changedAtMs: nowMs, holdSeconds: holdAfterFall(state, nowMs), rose: false };
  const carriesMore = level < TOP_LEVEL && usableBps >= neededBps(level + 1) * RISE_ABOVE;
  const isTrial = mayTry(conditions, level);
  const mayRise = level < highest && (carriesMore || isTrial);
  if (!mayRise || nowMs - changedAtMs < holdSeconds * 1000) return state;
  const next = Math.max(level + 1, isTrial ? FIRST_VIDEO_LEVEL : 0);
  return { level: Math.min(next, highest), changedAtMs: nowMs, holdSeconds, rose: true };
}
