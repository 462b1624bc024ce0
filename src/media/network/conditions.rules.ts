import type { NetworkQuality } from './network.enums.ts';
import { type NetworkSample, usableNetworkSamples } from './samples.rules.ts';

/** The network of one connection as it is, and as it is expected to be. */
export interface NetworkConditions {
  /** Samples that were used. */
  samples: number;
  /** Bandwidth for sending as estimated now, in bits per second; null when no sample has one. */
  availableBps: number | null;
  /** The bandwidth that the next five seconds exceed with a probability of 90 %; null without a bandwidth. */
  forecastBps: number | null;
  roundTripSeconds: number | null;
  lossRatio: number | null;
  jitterSeconds: number | null;
  /** Share of the samples whose bandwidth is within a quarter of the estimate, 0 to 1; null without a bandwidth. */
  stability: number | null;
  /** Null when nothing was measured. */
  quality: NetworkQuality | null;
}

interface Point {
  atMs: number;
  value: number;
}

/** A level that was estimated, and its variance. */
interface Estimate {
  level: number;
  variance: number;
}

/**
 * Estimates a level that wanders: a Kalman filter of the local level model. Its gain depends on times only, so the estimate is a
 * weighted mean of the values with positive weights: no value that rises makes it fall.
 * @param driftPerSecond variance that the level gains in a second
 * @param noise variance of one value around the level
 */
function estimateLevel(points: readonly Point[], driftPerSecond: number, noise: number): Estimate | null {
  const [first, ...rest] = points;
  if (!first) return null;
  let [level, variance, atMs] = [first.value, noise, first.atMs];
  for (const point of rest) {
    const predicted = variance + (driftPerSecond * (point.atMs - atMs)) / 1000;
    const gain = predicted / (predicted + noise);
    level += gain * (point.value - level);
    variance = (1 - gain) * predicted;
    ({ atMs } = point);
  }
  return { level, variance };
}

/** Noise in the logarithm of a bandwidth: single estimates are off by a fifth. */
const BANDWIDTH_NOISE = 0.04;
/** One level follows within seconds, the other only what lasts; the lower one counts, so falls count at once and rises late. */
const FAST_DRIFT = 0.01;
const SLOW_DRIFT = 0.001;
const HORIZON_SECONDS = 5;
/** Nine of ten values of a normal distribution are above the mean less this many standard deviations. */
const NINE_OF_TEN = 1.28;

const pointsOf = (samples: readonly NetworkSample[], read: (sample: NetworkSample) => number | undefined) =>
  samples.flatMap((sample): Point[] => {
    const value = read(sample);
    return value === undefined ? [] : [{ atMs: sample.atMs, value }];
  });

function estimateBandwidth(samples: readonly NetworkSample[]) {
  const points = pointsOf(samples, ({ availableBps }) => availableBps && Math.log(availableBps));
  const estimates = [FAST_DRIFT, SLOW_DRIFT].map((drift) => ({
    drift,
    estimate: estimateLevel(points, drift, BANDWIDTH_NOISE),
  }));
  const levels = estimates.flatMap(({ drift, estimate }) =>
    estimate
      ? [
          {
            level: estimate.level,
            lowest: estimate.level - NINE_OF_TEN * Math.sqrt(estimate.variance + drift * HORIZON_SECONDS),
          },
        ]
      : [],
  );
  if (levels.length === 0) return { availableBps: null, forecastBps: null, stability: null };
  const newest = points.at(-1)!.value;
  const availableBps = Math.exp(Math.min(...levels.map(({ level }) => level)));
  const near = points.filter(({ value }) => Math.abs(Math.exp(value) - availableBps) <= availableBps / 4);
  return {
    availableBps: Math.round(availableBps),
    forecastBps: Math.round(Math.exp(Math.min(newest, ...levels.map(({ lowest }) => lowest)))),
    stability: Math.round((near.length / points.length) * 100) / 100,
  };
}

const round4 = (value: number) => Math.round(value * 10_000) / 10_000;

/** For measures that are worse the larger they are: the higher of the two levels counts. */
function estimateTrouble(points: readonly Point[], noise: number): number | null {
  const levels = [noise, noise / 20].flatMap((drift) => estimateLevel(points, drift, noise)?.level ?? []);
  return levels.length === 0 ? null : round4(Math.max(...levels));
}

/** Limits of bandwidth in bits per second, and of loss and round trip, for each quality; below all of them it is poor. */
const QUALITY_LIMITS = [
  { quality: 'excellent', minBps: 5_000_000, maxLoss: 0.01, maxRoundTrip: 0.15 },
  { quality: 'good', minBps: 2_000_000, maxLoss: 0.03, maxRoundTrip: 0.3 },
  { quality: 'fair', minBps: 500_000, maxLoss: 0.08, maxRoundTrip: 0.6 },
] as const;

/** @returns null when neither bandwidth nor loss nor round trip is known */
function rateQuality(
  forecastBps: number | null,
  lossRatio: number | null,
  roundTripSeconds: number | null,
): NetworkQuality | null {
  if (forecastBps === null && lossRatio === null && roundTripSeconds === null) return null;
  const found = QUALITY_LIMITS.find(
    ({ minBps, maxLoss, maxRoundTrip }) =>
      (forecastBps ?? minBps) >= minBps &&
      (lossRatio ?? 0) <= maxLoss &&
      (roundTripSeconds ?? 0) <= maxRoundTrip,
  );
  return found?.quality ?? 'poor';
}

/**
 * Analyzes the samples of a connection in the last minute. They may come in any order; impossible ones are left out
 * (`usableNetworkSamples`). With a lower bandwidth, or with more loss, round trip or jitter in any sample, no figure
 * gets better.
 */
export function analyzeNetwork(samples: readonly NetworkSample[], nowMs: number): NetworkConditions {
  const usable = usableNetworkSamples(samples, nowMs);
  const bandwidth = estimateBandwidth(usable);
  const lossRatio = estimateTrouble(
    pointsOf(usable, (sample) => sample.lossRatio),
    0.0004,
  );
  const roundTripSeconds = estimateTrouble(
    pointsOf(usable, (sample) => sample.roundTripSeconds),
    0.0025,
  );
  const jitterSeconds = estimateTrouble(
    pointsOf(usable, (sample) => sample.jitterSeconds),
    0.0001,
  );
  const quality = rateQuality(bandwidth.forecastBps, lossRatio, roundTripSeconds);
  return { samples: usable.length, ...bandwidth, roundTripSeconds, lossRatio, jitterSeconds, quality };
}
