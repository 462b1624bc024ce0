import { lossOf, type Observation } from './measures.rules.ts';
import { speechMos, videoIndex } from './mos.rules.ts';
import type { TrackSample } from './samples.schemas.ts';
import type { QualitySummary } from './verdicts.schemas.ts';

/** The mean of values with weights. */
class WeightedMean {
  #sum = 0;
  #weight = 0;
  add(value: number | undefined, weight: number) {
    if (value === undefined) return;
    this.#sum += value * weight;
    this.#weight += weight;
  }
  get mean(): number | undefined {
    return this.#weight > 0 ? this.#sum / this.#weight : undefined;
  }
}

/** Sums up one direction of one participant. */
class DirectionTotals {
  #seconds = 0;
  readonly #loss = new WeightedMean();
  readonly #speechLoss = new WeightedMean();
  readonly #concealed = new WeightedMean();
  readonly #jitter = new WeightedMean();
  readonly #speechJitter = new WeightedMean();
  readonly #buffer = new WeightedMean();
  readonly #freeze = new WeightedMean();
  readonly #frames = new WeightedMean();
  readonly #picture = new WeightedMean();
  readonly #heights = new Map<number, number>();
  #speech = false;
  #freezes = 0;
  #freezeSeconds = 0;
  #bits = 0;
  /** Seconds of the windows in which the bitrate of every track is known. */
  #bitSeconds = 0;

  addWindow(tracks: readonly TrackSample[], windowSeconds: number) {
    const live = tracks.filter(({ muted, paused }) => !muted && !paused);
    if (live.length === 0) return;
    this.#seconds += windowSeconds;
    for (const track of live) this.#addTrack(track, windowSeconds);
    const bitrates = live.flatMap(({ bitrateBps }) => bitrateBps ?? []);
    if (bitrates.length < live.length) return;
    this.#bits += bitrates.reduce((sum, bitrate) => sum + bitrate, 0) * windowSeconds;
    this.#bitSeconds += windowSeconds;
  }

  #addTrack(track: TrackSample, seconds: number) {
    const { kind, packets = 0, jitterSeconds } = track;
    this.#loss.add(lossOf(track), packets);
    this.#jitter.add(jitterSeconds, seconds);
    if (kind === 'video') return this.#addVideo(track, seconds);
    this.#speech = true;
    this.#speechLoss.add(lossOf(track), packets);
    this.#speechJitter.add(jitterSeconds, seconds);
    this.#concealed.add(track.concealedRatio, seconds);
    this.#buffer.add(track.jitterBufferSeconds, seconds);
  }

  #addVideo(track: TrackSample, seconds: number) {
    const { height, wantedHeight, framesPerSecond, freezes = 0, freezeSeconds, source } = track;
    this.#freezes += freezes;
    this.#freezeSeconds += Math.min(seconds, freezeSeconds ?? 0);
    const freezeRatio = freezeSeconds === undefined ? undefined : Math.min(1, freezeSeconds / seconds);
    this.#freeze.add(freezeRatio, seconds);
    this.#frames.add(framesPerSecond, seconds);
    if (height === undefined || height === 0) return;
    this.#heights.set(height, (this.#heights.get(height) ?? 0) + seconds);
    if (framesPerSecond === undefined) return;
    const screen = source === 'screen_share';
    const index = videoIndex({
      height,
      wantedHeight,
      framesPerSecond,
      freezeRatio: freezeRatio ?? 0,
      screen,
    });
    this.#picture.add(index, seconds);
  }

  /** @param roundTrip seconds, over all connections that the media passes; undefined when it is not known */
  summary(roundTrip: number | undefined): QualitySummary {
    const audibleLoss = this.#concealed.mean ?? this.#speechLoss.mean;
    const conditions = {
      jitterSeconds: this.#speechJitter.mean,
      jitterBufferSeconds: this.#buffer.mean,
    };
    // The most frequent height, the larger one when equal.
    const [height] = [...this.#heights].sort(([a, x], [b, y]) => y - x || b - a)[0] ?? [];
    const rounded = (value: number | undefined, digits = 4) =>
      value === undefined ? null : Number(value.toFixed(digits));
    return {
      measuredSeconds: Number(this.#seconds.toFixed(1)),
      mos:
        this.#speech && audibleLoss !== undefined && roundTrip !== undefined
          ? rounded(speechMos({ lossRatio: audibleLoss, roundTripSeconds: roundTrip, ...conditions }), 2)
          : null,
      videoIndex: rounded(this.#picture.mean, 2),
      lossRatio: rounded(this.#loss.mean),
      jitterSeconds: rounded(this.#jitter.mean),
      freezes: this.#freezes,
      freezeSeconds: Number(this.#freezeSeconds.toFixed(2)),
      bitrateBps: this.#bitSeconds > 0 ? Math.round(this.#bits / this.#bitSeconds) : null,
      framesPerSecond: rounded(this.#frames.mean, 1),
      height: height ?? null,
    };
  }
}

/** The summary of a direction without samples. */
export const EMPTY_SUMMARY: QualitySummary = new DirectionTotals().summary(undefined);

export interface ParticipantSummaries {
  roundTripSeconds: number | null;
  send: QualitySummary;
  receive: QualitySummary;
}

/** The summaries of all participants over the whole time, by identity. Windows weigh by length, losses by packets. */
export function summariesOf(observations: readonly Observation[]): ReadonlyMap<string, ParticipantSummaries> {
  const people = new Map<
    string,
    { roundTrip: WeightedMean; send: DirectionTotals; receive: DirectionTotals; from: Set<string> }
  >();
  for (const { identity, sample } of observations) {
    const person = people.get(identity) ?? {
      roundTrip: new WeightedMean(),
      send: new DirectionTotals(),
      receive: new DirectionTotals(),
      from: new Set(),
    };
    people.set(identity, person);
    const { windowSeconds, tracks } = sample;
    person.roundTrip.add(sample.roundTripSeconds, windowSeconds);
    for (const direction of ['send', 'receive'] as const)
      person[direction].addWindow(
        tracks.filter((track) => track.direction === direction),
        windowSeconds,
      );
    for (const { publisherIdentity } of tracks) if (publisherIdentity) person.from.add(publisherIdentity);
  }
  return new Map(
    [...people].map(([identity, { roundTrip, send, receive, from }]) => {
      // Speech also passes the speaker's connection to the server.
      const publisherRoundTrips = new WeightedMean();
      for (const publisher of from) publisherRoundTrips.add(people.get(publisher)?.roundTrip.mean, 1);
      // A publisher may be a service that measures nothing; the participant's own round trip must be known.
      const totalRoundTrip =
        roundTrip.mean === undefined ? undefined : roundTrip.mean + (publisherRoundTrips.mean ?? 0);
      const own = roundTrip.mean === undefined ? null : Number(roundTrip.mean.toFixed(4));
      return [
        identity,
        {
          roundTripSeconds: own,
          send: send.summary(roundTrip.mean),
          receive: receive.summary(totalRoundTrip),
        },
      ];
    }),
  );
}
