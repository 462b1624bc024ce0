import { adviceOf, decisive, SIDE_OF } from './advice.rules.ts';
import { type Finding, findingsOf, withoutAftermath } from './causes.rules.ts';
import { type Facts, factsOf, wayInTrouble } from './facts.rules.ts';
import { enoughOf, LIMITS } from './limits.rules.ts';
import { type Measures, meanOf, median, type Observation, slotsOf, slotStartMs } from './measures.rules.ts';
import { sceneOf } from './receptions.rules.ts';
import type { Cause, Doubt, Evidence, Verdict } from './verdicts.schemas.ts';

/** One slot of one participant: what is known, and what follows from it. */
interface Moment {
  number: number;
  seconds: number;
  facts: Facts;
  findings: readonly Finding[];
}

const MAX_WINDOWS = 50;
const iso = (ms: number) => new Date(ms).toISOString();
const round = (value: number) => Math.round(value * 10_000) / 10_000;

/** The least round trip of each participant over the call, in seconds: what it is when nothing queues. */
function quietRoundTrips(slots: ReturnType<typeof slotsOf>): ReadonlyMap<string, number> {
  const least = new Map<string, number>();
  for (const slot of slots.values())
    for (const [identity, { roundTrip }] of slot) {
      const mean = meanOf(roundTrip);
      if (mean !== undefined) least.set(identity, Math.min(mean, least.get(identity) ?? Infinity));
    }
  return least;
}

function momentsOf(observations: readonly Observation[]): ReadonlyMap<string, Moment[]> {
  const slots = slotsOf(observations);
  const quiet = quietRoundTrips(slots);
  const moments = new Map<string, Moment[]>();
  for (const [number, slot] of slots) {
    const told = [...slot].filter(([, { seconds }]: [string, Measures]) => seconds >= LIMITS.slotSeconds);
    const scene = sceneOf(slot);
    const known = told.map(([identity, measures]) => ({
      identity,
      seconds: measures.seconds,
      facts: factsOf(scene, identity, measures, quiet.get(identity) ?? 0),
    }));
    const affected = { count: known.filter(({ facts }) => wayInTrouble(facts)).length, of: known.length };
    for (const { identity, seconds, facts } of known) {
      facts.measures.participants_affected = affected.count;
      const list = moments.get(identity) ?? [];
      moments.set(identity, list);
      const before = list.slice(-LIMITS.aftermathSlots).map((each) => each.facts);
      const findings = withoutAftermath(findingsOf(facts, affected), before);
      list.push({ number, seconds, facts, findings });
    }
  }
  return moments;
}

const keyOf = (finding: Finding) => ('cause' in finding ? finding.cause : finding.doubt);
const holds = (key: Cause | Doubt) => (moment: Moment) => moment.findings.some((each) => keyOf(each) === key);

/** The runs of slots in which it held; a single slot without it does not end a run. */
function windowsOf(moments: readonly Moment[]): Verdict['windows'] {
  const runs: { from: number; to: number }[] = [];
  for (const { number } of moments) {
    const last = runs.at(-1);
    if (last && number - last.to <= 2) last.to = number;
    else runs.push({ from: number, to: number });
  }
  return runs.slice(0, MAX_WINDOWS).map(({ from, to }) => ({
    startedAt: iso(slotStartMs(from)),
    endedAt: iso(slotStartMs(to + 1)),
  }));
}

/** What decided for the cause: the median of each measure over the slots in question that told it. */
function evidenceFor(cause: Cause, moments: readonly Moment[]): Evidence[] {
  return decisive(cause).flatMap(({ measure, relation, limit }) => {
    const value = median(moments.flatMap(({ facts }) => facts.measures[measure] ?? []));
    const decided = value !== undefined && (relation === 'below' ? value < limit : value >= limit);
    return decided ? [{ measure, relation, limit, value: round(value) }] : [];
  });
}

/** How often each was found, the most frequent first; by name among equals. */
function ranked(moments: readonly Moment[]): [key: Cause | Doubt, count: number][] {
  const counts = new Map<Cause | Doubt, number>();
  for (const { findings } of moments)
    for (const key of new Set(findings.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** Who is named most often; the first by identity of several. */
function publisherOf(moments: readonly Moment[]): string | null {
  const counts = new Map<string, number>();
  for (const finding of moments.flatMap(({ findings }) => findings))
    if ('cause' in finding && finding.cause === 'remote_publisher')
      counts.set(finding.publisher, (counts.get(finding.publisher) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

type KnownCause = Exclude<Cause, 'unknown'>;

function known(cause: KnownCause, moments: readonly Moment[], of: number): Verdict {
  return {
    cause,
    side: SIDE_OF[cause],
    publisherIdentity: cause === 'remote_publisher' ? publisherOf(moments) : null,
    share: round(moments.length / of),
    windows: windowsOf(moments),
    evidence: evidenceFor(cause, moments),
    reason: null,
    candidates: [],
    advice: adviceOf(cause),
  };
}

function unknown(reason: Doubt, moments: readonly Moment[], of: number, candidates: Cause[] = []): Verdict {
  const evidence = candidates.flatMap((cause) => evidenceFor(cause, moments.filter(holds(cause))));
  const seconds = moments.reduce((sum, moment) => sum + moment.seconds, 0);
  return {
    cause: 'unknown',
    side: 'unknown',
    publisherIdentity: null,
    share: of === 0 ? 0 : round(moments.length / of),
    windows: windowsOf(moments),
    evidence:
      reason === 'too_few_samples'
        ? [
            {
              measure: 'observed_seconds',
              value: round(seconds),
              relation: 'below',
              limit: LIMITS.observedSeconds,
            },
          ]
        : evidence.filter(
            (each, index) => evidence.findIndex(({ measure }) => measure === each.measure) === index,
          ),
    reason,
    candidates,
    advice: adviceOf(reason),
  };
}

/** In order: whether the microphone was muted all along is all that is left to tell. */
function inOrder(moments: readonly Moment[]): Verdict {
  const of = moments.length;
  const microphone = moments.filter(({ facts }) => facts.measures.muted_ratio !== undefined);
  const muted = microphone.filter(({ facts }) => facts.measures.muted_ratio! >= LIMITS.muted);
  if (muted.length > 0 && muted.length >= microphone.length * LIMITS.muted) return known('muted', muted, of);
  return known(
    'healthy',
    moments.filter(({ findings }) => findings.length === 0),
    of,
  );
}

/** The verdict over what one participant's slots say. */
function verdictOver(moments: readonly Moment[]): Verdict {
  const of = moments.length;
  if (moments.reduce((sum, { seconds }) => sum + seconds, 0) < LIMITS.observedSeconds)
    return unknown('too_few_samples', moments, of);
  const found = ranked(moments).filter(([, count]) => count >= enoughOf(of));
  const causes = found.filter((each): each is [KnownCause, number] => each[0] in SIDE_OF);
  const [first] = causes;
  if (first) {
    const rivals = causes.filter(([, count]) => count >= first[1] * LIMITS.rival).map(([cause]) => cause);
    const troubled = moments.filter(({ findings }) => findings.length > 0);
    if (rivals.length > 1) return unknown('several_causes', troubled, of, rivals);
    return known(first[0], moments.filter(holds(first[0])), of);
  }
  const [doubt] = found as [Doubt, number][];
  return doubt ? unknown(doubt[0], moments.filter(holds(doubt[0])), of) : inOrder(moments);
}

export const TOO_FEW: Verdict = unknown('too_few_samples', [], 0);

/**
 * The verdict for everybody who told anything, by identity. Pure: the same observations give the same verdicts, in
 * whatever order they come. Each participant has one voice in a slot however much they tell, and nobody's words about
 * others outweigh what those tell of themselves.
 */
export function verdictsOf(observations: readonly Observation[]): ReadonlyMap<string, Verdict> {
  const ordered = observations.toSorted(
    (a, b) => a.endMs - b.endMs || (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0),
  );
  return new Map([...momentsOf(ordered)].map(([identity, moments]) => [identity, verdictOver(moments)]));
}
