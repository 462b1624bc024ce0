import { LIMITS } from './limits.rules.ts';
import type { Sample, TrackSample } from './samples.schemas.ts';

/** A sample with its participant and the end of its window by the server's clock, in milliseconds since the epoch. */
export interface Observation {
  identity: string;
  endMs: number;
  sample: Omit<Sample, 'measuredAt'>;
}

/** Time is cut into slots to compare what several participants measured at the same time. */
export const SLOT_SECONDS = 10;
const SLOT_MS = SLOT_SECONDS * 1000;

/** A weighted mean: `sum / weight`. */
export interface Mean {
  sum: number;
  weight: number;
}
const emptyMean = (): Mean => ({ sum: 0, weight: 0 });
const addToMean = (mean: Mean, value: number | undefined, weight: number) => {
  if (value === undefined) return;
  mean.sum += value * weight;
  mean.weight += weight;
};
/** The mean; undefined when nothing was measured. */
export const meanOf = ({ sum, weight }: Mean): number | undefined => (weight > 0 ? sum / weight : undefined);

/** What a participant received from one publisher. `loss.weight` is the number of packets. */
export interface Reception {
  loss: Mean;
  jitter: Mean;
  freeze: Mean;
  concealed: Mean;
  dropped: Mean;
  paused: Mean;
  /** Cameras only: a shared screen sends no frames while nothing changes. */
  framesPerSecond: Mean;
  /** 1 for each second of video that was smaller than requested, otherwise 0. */
  lowered: Mean;
}

/** What a participant measured in one slot. */
export interface SlotMeasures {
  /** Measured seconds, at most the slot's length. */
  seconds: number;
  roundTrip: Mean;
  /** The longest round trip of the slot, seconds. */
  peakRoundTrip: number | undefined;
  tcp: Mean;
  uplinkLoss: Mean;
  uplinkJitter: Mean;
  cpuLimited: Mean;
  bandwidthLimited: Mean;
  sentFrames: Mean;
  /** 1 for each second of a published microphone that was muted, otherwise 0. */
  muted: Mean;
  receptions: Map<string, Reception>;
}

const newReception = (): Reception => ({
  loss: emptyMean(),
  jitter: emptyMean(),
  freeze: emptyMean(),
  concealed: emptyMean(),
  dropped: emptyMean(),
  paused: emptyMean(),
  framesPerSecond: emptyMean(),
  lowered: emptyMean(),
});
const newMeasures = (): SlotMeasures => ({
  seconds: 0,
  roundTrip: emptyMean(),
  peakRoundTrip: undefined,
  tcp: emptyMean(),
  uplinkLoss: emptyMean(),
  uplinkJitter: emptyMean(),
  cpuLimited: emptyMean(),
  bandwidthLimited: emptyMean(),
  sentFrames: emptyMean(),
  muted: emptyMean(),
  receptions: new Map(),
});

/** Video below this share of the requested height counts as lowered. */
const LOWERED_BELOW_RATIO = 0.6;

/** Share of the window's packets that were lost; undefined without packets. */
export function lossOf({ packets = 0, packetsLost = 0 }: TrackSample): number | undefined {
  return packets > 0 ? Math.min(1, packetsLost / packets) : undefined;
}

/** Whether bandwidth limits the encoder: as it reports, otherwise by the estimated bandwidth. */
function isBandwidthLimited({ limitation, source }: TrackSample, availableBps?: number): boolean | undefined {
  if (limitation !== undefined) return limitation === 'bandwidth';
  return source === 'camera' && availableBps !== undefined ? availableBps < LIMITS.cameraBps : undefined;
}

const toRatio = (value: boolean | undefined) => (value === undefined ? undefined : value ? 1 : 0);

function addSent(measures: SlotMeasures, track: TrackSample, sample: Observation['sample'], seconds: number) {
  if (track.source === 'microphone') addToMean(measures.muted, track.muted ? 1 : 0, seconds);
  if (track.muted) return;
  addToMean(measures.uplinkLoss, lossOf(track), ((track.packets ?? 0) * seconds) / sample.windowSeconds);
  addToMean(measures.uplinkJitter, track.jitterSeconds, seconds);
  if (track.kind !== 'video') return;
  const { limitation } = track;
  addToMean(
    measures.cpuLimited,
    toRatio(limitation === undefined ? undefined : limitation === 'cpu'),
    seconds,
  );
  addToMean(
    measures.bandwidthLimited,
    toRatio(isBandwidthLimited(track, sample.availableOutgoingBps)),
    seconds,
  );
  if (track.source === 'camera') addToMean(measures.sentFrames, track.framesPerSecond, seconds);
}

function addReceived(reception: Reception, track: TrackSample, windowSeconds: number, seconds: number) {
  if (track.muted) return;
  addToMean(reception.paused, track.paused ? 1 : 0, seconds);
  if (track.paused) return;
  addToMean(reception.loss, lossOf(track), ((track.packets ?? 0) * seconds) / windowSeconds);
  addToMean(reception.jitter, track.jitterSeconds, seconds);
  addToMean(reception.concealed, track.concealedRatio, seconds);
  addToMean(reception.dropped, track.droppedFramesRatio, seconds);
  if (track.kind !== 'video') return;
  const freeze = track.freezeSeconds === undefined ? undefined : track.freezeSeconds / windowSeconds;
  addToMean(reception.freeze, freeze === undefined ? undefined : Math.min(1, freeze), seconds);
  if (track.source === 'camera') addToMean(reception.framesPerSecond, track.framesPerSecond, seconds);
  const { height, wantedHeight } = track;
  if (height !== undefined && wantedHeight !== undefined)
    addToMean(reception.lowered, height < wantedHeight * LOWERED_BELOW_RATIO ? 1 : 0, seconds);
}

function addSample(measures: SlotMeasures, sample: Observation['sample'], seconds: number) {
  measures.seconds = Math.min(SLOT_SECONDS, measures.seconds + seconds);
  addToMean(measures.roundTrip, sample.roundTripSeconds, seconds);
  if (sample.roundTripSeconds !== undefined)
    measures.peakRoundTrip = Math.max(sample.roundTripSeconds, measures.peakRoundTrip ?? 0);
  if (sample.protocol !== undefined) addToMean(measures.tcp, sample.protocol === 'udp' ? 0 : 1, seconds);
  for (const track of sample.tracks) {
    if (track.direction === 'send') addSent(measures, track, sample, seconds);
    else if (track.publisherIdentity !== undefined) {
      const reception = measures.receptions.get(track.publisherIdentity) ?? newReception();
      measures.receptions.set(track.publisherIdentity, reception);
      addReceived(reception, track, sample.windowSeconds, seconds);
    }
  }
}

/** What each participant measured in one slot, by identity. */
export type Slot = ReadonlyMap<string, SlotMeasures>;

/**
 * Cuts observations into slots, by the slot's number since the epoch, in order. A window that spans several slots counts in
 * each with the part inside it. The order of the observations does not matter.
 */
export function cutIntoSlots(observations: readonly Observation[]): ReadonlyMap<number, Slot> {
  const slots = new Map<number, Map<string, SlotMeasures>>();
  for (const { identity, endMs, sample } of observations) {
    const startMs = endMs - sample.windowSeconds * 1000;
    for (let number = Math.floor(startMs / SLOT_MS); number * SLOT_MS < endMs; number++) {
      const from = Math.max(startMs, number * SLOT_MS);
      const to = Math.min(endMs, (number + 1) * SLOT_MS);
      if (to <= from) continue;
      const slot = slots.get(number) ?? new Map<string, SlotMeasures>();
      slots.set(number, slot);
      const measures = slot.get(identity) ?? newMeasures();
      slot.set(identity, measures);
      addSample(measures, sample, (to - from) / 1000);
    }
  }
  return new Map([...slots].sort(([a], [b]) => a - b));
}

/** Start of a slot, in milliseconds since the epoch. */
export const slotStartMs = (number: number): number => number * SLOT_MS;

/** The median, the lower one of two; undefined without values. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
