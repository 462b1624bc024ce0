import { culpritOf, type Facts, wayInTrouble } from './facts.rules.ts';
import { LIMITS } from './limits.rules.ts';
import type { Cause, Doubt, Measure } from './verdicts.schemas.ts';

/** What one slot says of one participant. */
export type Finding =
  | { cause: Exclude<Cause, 'healthy' | 'muted' | 'unknown' | 'remote_publisher'> }
  | { cause: 'remote_publisher'; publisher: string }
  | { doubt: Doubt };

const at = ({ measures }: Facts, measure: Measure, limit: number) => (measures[measure] ?? 0) >= limit;

const queues = (facts: Facts) => at(facts, 'round_trip_rise_seconds', LIMITS.rise);

/**
 * Loss is the line's own, unless what is sent had to shrink as well while packets queue, or for a loss too small to shrink
 * for; who has no video to shrink is judged by the queue alone.
 */
function loses(
  facts: Facts,
  loss: Measure,
  shrinks: Measure,
  limit: number,
): 'loss' | 'bandwidth' | undefined {
  const lost = at(facts, loss, LIMITS.loss);
  const shrunk = at(facts, shrinks, limit);
  if (!lost) return shrunk ? 'bandwidth' : undefined;
  const unshrinkable = facts.measures[shrinks] === undefined;
  if (queues(facts) && (shrunk || unshrinkable)) return 'bandwidth';
  return shrunk && !at(facts, loss, LIMITS.heavyLoss) ? 'bandwidth' : 'loss';
}

function uplink(facts: Facts): Finding[] {
  const kind = loses(facts, 'uplink_loss_ratio', 'bandwidth_limited_ratio', LIMITS.limited);
  return kind ? [{ cause: `uplink_${kind}` }] : [];
}

function downlink(facts: Facts): Finding[] {
  const kind = loses(facts, 'downlink_loss_ratio', 'lowered_video_ratio', LIMITS.lowered);
  return kind ? [{ cause: `downlink_${kind}` }] : [];
}

/** A device that cannot encode what it should, or decodes too late what arrives in order. */
function device(facts: Facts): Finding[] {
  const late = at(facts, 'dropped_frames_ratio', LIMITS.dropped) && !wayInTrouble(facts);
  return late || at(facts, 'cpu_limited_ratio', LIMITS.limited) ? [{ cause: 'cpu_limited' }] : [];
}

/**
 * TCP hides loss as delay: late packets, pictures that stand still and nothing lost. Estimates that watch delays then
 * believe that nothing more fits; TCP is blamed for that as well, being the one thing that is surely wrong.
 */
function stalls(facts: Facts): boolean {
  const ownStuck = facts.blames.filter(({ trouble, blame }) => trouble.stuck && blame !== 'publisher').length;
  const signs =
    queues(facts) ||
    at(facts, 'jitter_seconds', LIMITS.jitter) ||
    (facts.receptions > 0 && ownStuck * 2 > facts.receptions) ||
    at(facts, 'bandwidth_limited_ratio', LIMITS.limited) ||
    at(facts, 'lowered_video_ratio', LIMITS.lowered);
  return signs && at(facts, 'tcp_ratio', LIMITS.tcp);
}

/** What the participant's own way and device explain. */
function own(facts: Facts): Finding[] {
  if (stalls(facts)) return [{ cause: 'relay_over_tcp' }, ...device(facts)];
  const found = [...device(facts), ...uplink(facts), ...downlink(facts)];
  const bandwidth = found.some((each) => 'cause' in each && each.cause.endsWith('_bandwidth'));
  const late = at(facts, 'round_trip_seconds', LIMITS.roundTrip) && !bandwidth;
  return late ? [...found, { cause: 'high_latency' }] : found;
}

/** What arrives badly though the own way is in order: the publisher's fault, or nobody knows whose. */
function remote(facts: Facts, ownFound: boolean): Finding[] {
  const culprit = culpritOf(facts.blames);
  if (culprit) return [{ cause: 'remote_publisher', publisher: culprit.publisher }];
  if (ownFound) return [];
  if (facts.incomparableLoss || facts.blames.some(({ blame }) => blame === undefined))
    return [{ doubt: 'nothing_to_compare' }];
  // Loss is the sum of small losses on both ways; for anything else there should be a reason.
  const inexplicable = facts.blames.some(
    ({ trouble }) => !trouble.lossy && (trouble.stuck || trouble.starved),
  );
  return inexplicable ? [{ doubt: 'contradicting_evidence' }] : [];
}

const AFTERMATH = {
  uplink_bandwidth: 'uplink_loss_ratio',
  downlink_bandwidth: 'downlink_loss_ratio',
} as const;

/**
 * Takes out what heavy loss leaves behind: an estimate that recovers slowly looks like want of bandwidth for a while.
 * @param before the facts of the participant's slots before this one, in order
 */
export function withoutAftermath(findings: readonly Finding[], before: readonly Facts[]): readonly Finding[] {
  const recent = before.slice(-LIMITS.aftermathSlots);
  return findings.filter((finding) => {
    if (!('cause' in finding) || !(finding.cause in AFTERMATH)) return true;
    const loss = AFTERMATH[finding.cause as keyof typeof AFTERMATH];
    return !recent.some((facts) => at(facts, loss, LIMITS.heavyLoss) && !queues(facts));
  });
}

/**
 * What a slot says of a participant; nothing when all is in order.
 * @param affected of how many participants the way to the server is in trouble in this slot, of how many that told
 */
export function findingsOf(facts: Facts, affected: { count: number; of: number }): Finding[] {
  const common = affected.count >= LIMITS.affectedAtLeast && affected.count >= affected.of * LIMITS.affected;
  if (common && wayInTrouble(facts)) return [{ cause: 'server_path' }];
  const found = own(facts);
  // A slow sender's own trouble says nothing of what arrives.
  const arriving = found.some((each) => 'cause' in each && !each.cause.startsWith('uplink_'));
  return [...found, ...remote(facts, arriving)];
}
