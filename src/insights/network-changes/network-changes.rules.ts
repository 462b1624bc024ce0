import type { Sample } from '../verdicts/index.ts';

/** The bandwidth of a participant's connection when it last changed. */
export interface NetworkMark {
  /** Milliseconds since the epoch, by the server's clock. */
  changedAtMs: number;
  /** When a batch was last reported to others; absent in marks that were stored without it. */
  reportedAtMs?: number;
  availableBps: number | null;
  lossRatio: number;
  roundTripSeconds: number;
  cpuLimited: boolean;
}

type MeasuredNetwork = Pick<Sample, 'tracks' | 'availableOutgoingBps' | 'roundTripSeconds'>;

/** The network measurements of a batch. */
type NetworkFigures = Omit<NetworkMark, 'changedAtMs' | 'reportedAtMs'>;

/** Share of the sent packets that were lost in the window of a sample; null when no track says it. */
export function sentLossRatio({ tracks }: Pick<Sample, 'tracks'>): number | null {
  const sent = tracks.filter(
    ({ direction, packets, packetsLost }) => direction === 'send' && packets && packetsLost !== undefined,
  );
  const packets = sent.reduce((sum, track) => sum + track.packets!, 0);
  return packets === 0
    ? null
    : Math.min(1, sent.reduce((sum, track) => sum + track.packetsLost!, 0) / packets);
}

/** The worst of each figure in a batch: a short fall counts. */
export function networkFigures(samples: readonly MeasuredNetwork[]): NetworkFigures {
  const bandwidths = samples.flatMap(({ availableOutgoingBps }) => availableOutgoingBps ?? []);
  return {
    availableBps: bandwidths.length === 0 ? null : Math.min(...bandwidths),
    lossRatio: Math.max(0, ...samples.map((sample) => sentLossRatio(sample) ?? 0)),
    roundTripSeconds: Math.max(0, ...samples.map(({ roundTripSeconds }) => roundTripSeconds ?? 0)),
    cpuLimited: samples.some(({ tracks }) => tracks.some(({ limitation }) => limitation === 'cpu')),
  };
}

/** More bandwidth than this makes no difference for what a participant sends. */
const ENOUGH_BPS = 8_000_000;
const BANDWIDTH_FACTOR = 1.25;
const LOSS_BANDS = [0.02, 0.05, 0.1];
const ROUND_TRIP_BANDS = [0.2, 0.5];
/** For so long after a change each batch is reported, because it matters whether the change lasts. */
const SETTLE_MS = 120_000;
/** A network that does not change is reported again after this: a config, the plan, or how long a level has lasted may have changed. */
const REPEAT_MS = 40_000;

const bandOf = (value: number, limits: readonly number[]) => limits.filter((limit) => value >= limit).length;

function differs(a: NetworkFigures, b: NetworkFigures): boolean {
  const [from, to] = [a, b].map(({ availableBps }) =>
    availableBps === null ? null : Math.min(Math.max(availableBps, 1), ENOUGH_BPS),
  ) as [number | null, number | null];
  if ((from === null) !== (to === null)) return true;
  const factor = from && to ? Math.max(from / to, to / from) : 1;
  return (
    factor >= BANDWIDTH_FACTOR ||
    bandOf(a.lossRatio, LOSS_BANDS) !== bandOf(b.lossRatio, LOSS_BANDS) ||
    bandOf(a.roundTripSeconds, ROUND_TRIP_BANDS) !== bandOf(b.roundTripSeconds, ROUND_TRIP_BANDS) ||
    a.cpuLimited !== b.cpuLimited
  );
}

/**
 * The state of the network to store, and whether the batch is reported to others. Reported are the first batch, one
 * that shows a change, those of the two minutes after it, and then one in 40 seconds.
 */
export function nextNetworkMark(
  previous: NetworkMark | null,
  figures: NetworkFigures,
  nowMs: number,
): { mark: NetworkMark; isReported: boolean } {
  if (!previous || differs(previous, figures))
    return { mark: { ...figures, changedAtMs: nowMs, reportedAtMs: nowMs }, isReported: true };
  const isDue = nowMs - (previous.reportedAtMs ?? 0) >= REPEAT_MS;
  if (!isDue && nowMs - previous.changedAtMs >= SETTLE_MS) return { mark: previous, isReported: false };
  return { mark: { ...previous, reportedAtMs: nowMs }, isReported: true };
}
