import { LAST_MOMENT_MS } from '../../kernel/core/index.ts';
import { adviceFor, criteriaFor, SIDE_BY_CAUSE } from './advice.rules.ts';
import { type Finding, findingsOf, withoutAftermath } from './causes.rules.ts';
import { type SlotFacts, deriveFacts, hasPathTrouble } from './slot-facts.rules.ts';
import { minimumSlots, LIMITS } from './limits.rules.ts';
import {
  type SlotMeasures,
  meanOf,
  median,
  type Observation,
  cutIntoSlots,
  slotStartMs,
} from './measures.rules.ts';
import { createSlotScene } from './receptions.rules.ts';
import type { Cause, Doubt, KnownCause, VerdictEvidence, QualityVerdict } from './verdicts.schemas.ts';

/** One slot of one participant with its facts and findings. */
interface ParticipantSlot {
  number: number;
  seconds: number;
  facts: SlotFacts;
  findings: readonly Finding[];
}

const MAX_WINDOWS = 50;
/** A slot can end after the last moment that a response shows. */
const iso = (ms: number) => new Date(Math.min(ms, LAST_MOMENT_MS)).toISOString();
const round = (value: number) => Math.round(value * 10_000) / 10_000;

/** The least round trip of each participant over the call, in seconds: the one without queues. */
function quietRoundTrips(slots: ReturnType<typeof cutIntoSlots>): ReadonlyMap<string, number> {
  const least = new Map<string, number>();
  for (const slot of slots.values())
    for (const [identity, { roundTrip }] of slot) {
      const mean = meanOf(roundTrip);
      if (mean !== undefined) least.set(identity, Math.min(mean, least.get(identity) ?? Infinity));
    }
  return least;
}

function slotsByParticipant(observations: readonly Observation[]): ReadonlyMap<string, ParticipantSlot[]> {
  const slots = cutIntoSlots(observations);
  const quiet = quietRoundTrips(slots);
  const byParticipant = new Map<string, ParticipantSlot[]>();
  for (const [number, slot] of slots) {
    const measured = [...slot].filter(
      ([, { seconds }]: [string, SlotMeasures]) => seconds >= LIMITS.minSlotSeconds,
    );
    const scene = createSlotScene(slot);
    const participants = measured.map(([identity, measures]) => ({
      identity,
      seconds: measures.seconds,
      facts: deriveFacts(scene, identity, measures, quiet.get(identity) ?? 0),
    }));
    const affected = {
      count: participants.filter(({ facts }) => hasPathTrouble(facts)).length,
      of: participants.length,
    };
    for (const { identity, seconds, facts } of participants) {
      facts.measures.participants_affected = affected.count;
      const list = byParticipant.get(identity) ?? [];
      byParticipant.set(identity, list);
      const before = list.slice(-LIMITS.aftermathSlots).map((each) => each.facts);
      const findings = withoutAftermath(findingsOf(facts, affected), before);
      list.push({ number, seconds, facts, findings });
    }
  }
  return byParticipant;
}

const findingKey = (finding: Finding) => ('cause' in finding ? finding.cause : finding.doubt);
const hasFinding = (key: Cause | Doubt) => (slot: ParticipantSlot) =>
  slot.findings.some((each) => findingKey(each) === key);

/** Joins the slots into windows; a gap of one slot does not end a window. */
function toWindows(slots: readonly ParticipantSlot[]): QualityVerdict['windows'] {
  const runs: { from: number; to: number }[] = [];
  for (const { number } of slots) {
    const last = runs.at(-1);
    if (last && number - last.to <= 2) last.to = number;
    else runs.push({ from: number, to: number });
  }
  return runs.slice(0, MAX_WINDOWS).map(({ from, to }) => ({
    startedAt: iso(slotStartMs(from)),
    endedAt: iso(slotStartMs(to + 1)),
  }));
}

/** The evidence for a cause: the median of each measure over the slots that have it. */
function evidenceOfCause(cause: Cause, slots: readonly ParticipantSlot[]): VerdictEvidence[] {
  return criteriaFor(cause).flatMap(({ measure, relation, limit }) => {
    const value = median(slots.flatMap(({ facts }) => facts.measures[measure] ?? []));
    const decided = value !== undefined && (relation === 'below' ? value < limit : value >= limit);
    return decided ? [{ measure, relation, limit, value: round(value) }] : [];
  });
}

/** How often each cause or doubt was found, the most frequent first; by name when equal. */
function rankFindings(slots: readonly ParticipantSlot[]): [key: Cause | Doubt, count: number][] {
  const counts = new Map<Cause | Doubt, number>();
  for (const { findings } of slots)
    for (const key of new Set(findings.map(findingKey))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** The publisher found most often; by identity when equal. */
function mostNamedPublisher(slots: readonly ParticipantSlot[]): string | null {
  const counts = new Map<string, number>();
  for (const finding of slots.flatMap(({ findings }) => findings))
    if ('cause' in finding && finding.cause === 'remote_publisher')
      counts.set(finding.publisher, (counts.get(finding.publisher) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

function knownVerdict(cause: KnownCause, slots: readonly ParticipantSlot[], total: number): QualityVerdict {
  return {
    cause,
    side: SIDE_BY_CAUSE[cause],
    publisherIdentity: cause === 'remote_publisher' ? mostNamedPublisher(slots) : null,
    share: round(slots.length / total),
    windows: toWindows(slots),
    evidence: evidenceOfCause(cause, slots),
    reason: null,
    candidates: [],
    advice: adviceFor(cause),
  };
}

function unknownVerdict(
  reason: Doubt,
  slots: readonly ParticipantSlot[],
  total: number,
  candidates: Cause[] = [],
): QualityVerdict {
  const evidence = candidates.flatMap((cause) => evidenceOfCause(cause, slots.filter(hasFinding(cause))));
  const seconds = slots.reduce((sum, slot) => sum + slot.seconds, 0);
  return {
    cause: 'unknown',
    side: 'unknown',
    publisherIdentity: null,
    share: total === 0 ? 0 : round(slots.length / total),
    windows: toWindows(slots),
    evidence:
      reason === 'too_few_samples'
        ? [
            {
              measure: 'observed_seconds',
              value: round(seconds),
              relation: 'below',
              limit: LIMITS.minObservedSeconds,
            },
          ]
        : evidence.filter(
            (each, index) => evidence.findIndex(({ measure }) => measure === each.measure) === index,
          ),
    reason,
    candidates,
    advice: adviceFor(reason),
  };
}

/**
 * The verdict without trouble: healthy, or muted when the microphone was muted throughout. Unknown when the round trip was
 * never measured: the delay may be the trouble.
 */
function healthyVerdict(slots: readonly ParticipantSlot[]): QualityVerdict {
  const total = slots.length;
  const microphone = slots.filter(({ facts }) => facts.measures.muted_ratio !== undefined);
  const muted = microphone.filter(({ facts }) => facts.measures.muted_ratio! >= LIMITS.muted);
  if (muted.length > 0 && muted.length >= microphone.length * LIMITS.muted)
    return knownVerdict('muted', muted, total);
  if (slots.every(({ facts }) => facts.measures.round_trip_seconds === undefined))
    return unknownVerdict('round_trip_unknown', slots, total);
  return knownVerdict(
    'healthy',
    slots.filter(({ findings }) => findings.length === 0),
    total,
  );
}

/** The verdict over the slots of one participant. */
function decideVerdict(slots: readonly ParticipantSlot[]): QualityVerdict {
  const total = slots.length;
  if (slots.reduce((sum, { seconds }) => sum + seconds, 0) < LIMITS.minObservedSeconds)
    return unknownVerdict('too_few_samples', slots, total);
  const found = rankFindings(slots).filter(([, count]) => count >= minimumSlots(total));
  const causes = found.filter((each): each is [KnownCause, number] => each[0] in SIDE_BY_CAUSE);
  const [first] = causes;
  if (first) {
    const rivals = causes
      .filter(([, count]) => count >= first[1] * LIMITS.rivalShare)
      .map(([cause]) => cause);
    const troubled = slots.filter(({ findings }) => findings.length > 0);
    if (rivals.length > 1) return unknownVerdict('several_causes', troubled, total, rivals);
    return knownVerdict(first[0], slots.filter(hasFinding(first[0])), total);
  }
  const [doubt] = found as [Doubt, number][];
  return doubt ? unknownVerdict(doubt[0], slots.filter(hasFinding(doubt[0])), total) : healthyVerdict(slots);
}

export const TOO_FEW_SAMPLES_VERDICT: QualityVerdict = unknownVerdict('too_few_samples', [], 0);

/**
 * The verdict for each participant with observations, by identity. Pure: the same observations give the same verdicts in
 * every order. Each participant counts once in a slot, however much they report, and a participant's own report outweighs
 * what others report about them.
 */
export function decideVerdicts(observations: readonly Observation[]): ReadonlyMap<string, QualityVerdict> {
  const ordered = observations.toSorted(
    (a, b) => a.endMs - b.endMs || (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0),
  );
  return new Map(
    [...slotsByParticipant(ordered)].map(([identity, slots]) => [identity, decideVerdict(slots)]),
  );
}
