/** What a connection measured in sending, in a window that ended at `atMs`. A client leaves out what it does not know. */
export interface NetworkSample {
  /** End of the window, in milliseconds since the epoch, by the server's clock. */
  atMs: number;
  /** Estimated bandwidth for sending, in bits per second. */
  availableBps?: number | undefined;
  /** Round trip to the media server in seconds. */
  roundTripSeconds?: number | undefined;
  /** Share of the sent packets that were lost, 0 to 1. */
  lossRatio?: number | undefined;
  jitterSeconds?: number | undefined;
}

/** Older samples say nothing about the network as it is. */
export const WINDOW_MS = 60_000;
/** How far in the future a sample may end: clocks are corrected only to within the time of a request. */
const TOLERANCE_MS = 2_000;
/** Samples that are considered, the newest. */
const MAX_SAMPLES = 240;
/** Less is as good as this: its logarithm is needed. */
const MIN_BPS = 1_000;
const MAX_BPS = 10_000_000_000;
const MAX_SECONDS = 60;

const within = (value: number | undefined, max: number): number | undefined =>
  value !== undefined && value >= 0 && value <= max ? value : undefined;

function usableBandwidth(availableBps: number | undefined): number | undefined {
  const usable = within(availableBps, MAX_BPS);
  return usable === undefined ? undefined : Math.max(MIN_BPS, usable);
}

/**
 * The samples of the last minute in the order of their ends, each moment once. Values that cannot be measured are left
 * out: not a number, negative, or too large. So are samples of another time, whose clock differs from the server's.
 */
export function usableNetworkSamples(samples: readonly NetworkSample[], nowMs: number): NetworkSample[] {
  const ends = new Set<number>();
  return samples
    .filter(({ atMs }) => atMs > nowMs - WINDOW_MS && atMs <= nowMs + TOLERANCE_MS)
    .toSorted((a, b) => a.atMs - b.atMs)
    .filter(({ atMs }) => !ends.has(atMs) && ends.add(atMs))
    .slice(-MAX_SAMPLES)
    .map(({ atMs, availableBps, roundTripSeconds, lossRatio, jitterSeconds }) => ({
      atMs,
      availableBps: usableBandwidth(availableBps),
      roundTripSeconds: within(roundTripSeconds, MAX_SECONDS),
      lossRatio: within(lossRatio, 1),
      jitterSeconds: within(jitterSeconds, MAX_SECONDS),
    }));
}
