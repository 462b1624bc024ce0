import { LIMITS } from './limits.rules.ts';
import { type SlotMeasures, meanOf, median } from './measures.rules.ts';
import { type Blame, blamesOf, downlinkLossOf, type SlotScene, uplinkLossOf } from './receptions.rules.ts';
import type { Measure } from './verdicts.schemas.ts';

/** One participant in one slot: the measures by name, and the blames for what arrives. */
export interface SlotFacts {
  measures: Partial<Record<Measure, number>>;
  blames: readonly Blame[];
  /** Packets are lost, and no figures show on whose side. */
  incomparableLoss: boolean;
  receptions: number;
}

const definedEntries = (values: Partial<Record<Measure, number | null | undefined>>) =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<Record<Measure, number>>;

const medianOfDefined = (values: (number | undefined)[]) =>
  median(values.filter((value) => value !== undefined));

/** Share of the publishers whose video is lowered or paused because of the receiver's own connection. */
function loweredRatio(receptions: number, blames: readonly Blame[]): number | undefined {
  const own = blames.filter(({ trouble, blame }) => trouble.starved && blame === 'receiver');
  return receptions > 0 ? own.length / receptions : undefined;
}

function publisherMeasures(blames: readonly Blame[]): Partial<Record<Measure, number | undefined>> {
  const worst = findCulprit(blames);
  if (!worst) return {};
  return {
    publisher_loss_ratio: worst.publisherLoss,
    publisher_limited_ratio: worst.publisherLimited,
    publisher_frames_per_second: worst.publisherFrames,
    receivers_agreeing: worst.agreeing,
  };
}

/** The blamed publisher whose trouble most receivers see; the first by identity when equal. */
export function findCulprit(blames: readonly Blame[]): Blame | undefined {
  return blames
    .filter(({ blame }) => blame === 'publisher')
    .reduce<Blame | undefined>(
      (worst, each) => (worst && worst.agreeing >= each.agreeing ? worst : each),
      undefined,
    );
}

/** The facts of a participant in a slot. @param quietRoundTrip their least round trip in the call, in seconds */
export function deriveFacts(
  scene: SlotScene,
  identity: string,
  measures: SlotMeasures,
  quietRoundTrip: number,
): SlotFacts {
  const receptions = [...measures.receptions.values()];
  const blames = blamesOf(scene, identity);
  const downlinkLoss = downlinkLossOf(scene, identity);
  const peak = measures.peakRoundTrip;
  return {
    blames,
    incomparableLoss: downlinkLoss === null,
    receptions: receptions.length,
    measures: definedEntries({
      uplink_loss_ratio: uplinkLossOf(measures),
      downlink_loss_ratio: downlinkLoss,
      round_trip_seconds: meanOf(measures.roundTrip),
      round_trip_rise_seconds: peak === undefined ? undefined : peak - quietRoundTrip,
      jitter_seconds:
        medianOfDefined(receptions.map(({ jitter }) => meanOf(jitter))) ?? meanOf(measures.uplinkJitter),
      freeze_ratio: medianOfDefined(receptions.map(({ freeze }) => meanOf(freeze))),
      cpu_limited_ratio: meanOf(measures.cpuLimited),
      bandwidth_limited_ratio: meanOf(measures.bandwidthLimited),
      dropped_frames_ratio: medianOfDefined(receptions.map(({ dropped }) => meanOf(dropped))),
      lowered_video_ratio: loweredRatio(receptions.length, blames),
      tcp_ratio: meanOf(measures.tcp),
      muted_ratio: meanOf(measures.muted),
      ...publisherMeasures(blames),
    }),
  };
}

/** Whether the connection between the participant and the server has trouble, in either direction. */
export function hasPathTrouble({ measures }: SlotFacts): boolean {
  const { uplink_loss_ratio, downlink_loss_ratio, round_trip_seconds, round_trip_rise_seconds } = measures;
  return (
    (uplink_loss_ratio ?? 0) >= LIMITS.loss ||
    (downlink_loss_ratio ?? 0) >= LIMITS.loss ||
    (round_trip_seconds ?? 0) >= LIMITS.roundTrip ||
    (round_trip_rise_seconds ?? 0) >= LIMITS.roundTripRise
  );
}
