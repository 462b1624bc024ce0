import { findCulprit, type SlotFacts, hasPathTrouble } from './slot-facts.rules.ts';
import { LIMITS } from './limits.rules.ts';
import type { Cause, Doubt, Measure } from './verdicts.schemas.ts';

/** What was found for one participant in one slot: a cause, or why none can be named. */
export type Finding =
  | { cause: Exclude<Cause, 'healthy' | 'muted' | 'unknown' | 'remote_publisher'> }
  | { cause: 'remote_publisher'; publisher: string }
  | { doubt: Doubt };

const reaches = ({ measures }: SlotFacts, measure: Measure, limit: number) =>
  (measures[measure] ?? 0) >= limit;

const isQueueing = (facts: SlotFacts) => reaches(facts, 'round_trip_rise_seconds', LIMITS.roundTripRise);

/**
 * Distinguishes a lossy line from a slow one. It is slow when video had to shrink as well, while packets queue or for a loss too
 * small to shrink for; without video that could shrink, the queue alone decides.
 */
function lossOrBandwidth(
  facts: SlotFacts,
  loss: Measure,
  shrinks: Measure,
  limit: number,
): 'loss' | 'bandwidth' | undefined {
  const lost = reaches(facts, loss, LIMITS.loss);
  const shrunk = reaches(facts, shrinks, limit);
  if (!lost) return shrunk ? 'bandwidth' : undefined;
  const unshrinkable = facts.measures[shrinks] === undefined;
  if (isQueueing(facts) && (shrunk || unshrinkable)) return 'bandwidth';
  return shrunk && !reaches(facts, loss, LIMITS.heavyLoss) ? 'bandwidth' : 'loss';
}

function uplinkFindings(facts: SlotFacts): Finding[] {
  const kind = lossOrBandwidth(facts, 'uplink_loss_ratio', 'bandwidth_limited_ratio', LIMITS.limited);
  return kind ? [{ cause: `uplink_${kind}` }] : [];
}

function downlinkFindings(facts: SlotFacts): Finding[] {
  const kind = lossOrBandwidth(facts, 'downlink_loss_ratio', 'lowered_video_ratio', LIMITS.lowered);
  return kind ? [{ cause: `downlink_${kind}` }] : [];
}

/** A device that encodes too slowly, or decodes too slowly although media arrives well. */
function deviceFindings(facts: SlotFacts): Finding[] {
  const late = reaches(facts, 'dropped_frames_ratio', LIMITS.dropped) && !hasPathTrouble(facts);
  return late || reaches(facts, 'cpu_limited_ratio', LIMITS.limited) ? [{ cause: 'cpu_limited' }] : [];
}

/**
 * TCP turns loss into delay: late packets and frozen video without lost packets. Bandwidth estimates that watch the delay
 * then fall as well; that, too, is attributed to TCP, because TCP is certainly wrong.
 */
function isStalledByTcp(facts: SlotFacts): boolean {
  const ownStuck = facts.blames.filter(({ trouble, blame }) => trouble.stuck && blame !== 'publisher').length;
  const signs =
    isQueueing(facts) ||
    reaches(facts, 'jitter_seconds', LIMITS.jitter) ||
    (facts.receptions > 0 && ownStuck * 2 > facts.receptions) ||
    reaches(facts, 'bandwidth_limited_ratio', LIMITS.limited) ||
    reaches(facts, 'lowered_video_ratio', LIMITS.lowered);
  return signs && reaches(facts, 'tcp_ratio', LIMITS.tcp);
}

/** Causes in the participant's own connection and device. */
function ownFindings(facts: SlotFacts): Finding[] {
  if (isStalledByTcp(facts)) return [{ cause: 'relay_over_tcp' }, ...deviceFindings(facts)];
  const found = [...deviceFindings(facts), ...uplinkFindings(facts), ...downlinkFindings(facts)];
  const bandwidth = found.some((each) => 'cause' in each && each.cause.endsWith('_bandwidth'));
  const late = reaches(facts, 'round_trip_seconds', LIMITS.roundTrip) && !bandwidth;
  return late ? [...found, { cause: 'high_latency' }] : found;
}

/** Media that arrives badly although the own connection is good: the publisher's fault, or a doubt. */
function remoteFindings(facts: SlotFacts, ownFound: boolean): Finding[] {
  const culprit = findCulprit(facts.blames);
  if (culprit) return [{ cause: 'remote_publisher', publisher: culprit.publisher }];
  if (ownFound) return [];
  if (facts.incomparableLoss || facts.blames.some(({ blame }) => blame === undefined))
    return [{ doubt: 'nothing_to_compare' }];
  // Small losses in both directions can add up to a large one; anything else should have a cause.
  const inexplicable = facts.blames.some(
    ({ trouble }) => !trouble.lossy && (trouble.stuck || trouble.starved),
  );
  return inexplicable ? [{ doubt: 'contradicting_evidence' }] : [];
}

const LOSS_BEFORE_BANDWIDTH = {
  uplink_bandwidth: 'uplink_loss_ratio',
  downlink_bandwidth: 'downlink_loss_ratio',
} as const;

/**
 * Removes bandwidth causes after heavy loss: an estimate that recovers slowly looks like a slow line for a while.
 * @param before facts of the participant's earlier slots, in order
 */
export function withoutAftermath(
  findings: readonly Finding[],
  before: readonly SlotFacts[],
): readonly Finding[] {
  const recent = before.slice(-LIMITS.aftermathSlots);
  return findings.filter((finding) => {
    if (!('cause' in finding) || !(finding.cause in LOSS_BEFORE_BANDWIDTH)) return true;
    const loss = LOSS_BEFORE_BANDWIDTH[finding.cause as keyof typeof LOSS_BEFORE_BANDWIDTH];
    return !recent.some((facts) => reaches(facts, loss, LIMITS.heavyLoss) && !isQueueing(facts));
  });
}

/**
 * The findings for a participant in a slot; none when everything is in order.
 * @param affected how many participants have trouble on the way to the server in this slot, of how many that were measured
 */
export function findingsOf(facts: SlotFacts, affected: { count: number; of: number }): Finding[] {
  const common = affected.count >= LIMITS.minAffected && affected.count >= affected.of * LIMITS.affectedShare;
  if (common && hasPathTrouble(facts)) return [{ cause: 'server_path' }];
  const found = ownFindings(facts);
  // Trouble in what the participant sends does not explain what arrives.
  const arriving = found.some((each) => 'cause' in each && !each.cause.startsWith('uplink_'));
  return [...found, ...remoteFindings(facts, arriving)];
}
