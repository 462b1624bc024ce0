import type { Fact, LedgerState } from '../../../src/calls/ledger/index.ts';
import type { ClusterEvent } from '../../support/livekit/shapes.ts';
import type { Simulation } from './simulate-calls.ts';

/** The cluster reports times in whole seconds. */
const PRECISION_MS = 1_000;

const REASONS: Record<string, string> = {
  CLIENT_INITIATED: 'left',
  DUPLICATE_IDENTITY: 'replaced',
  ROOM_DELETED: 'call_ended',
  CONNECTION_TIMEOUT: 'connection_lost',
};

export interface Comparison {
  /** Every difference between the ledger and the truth: must be empty. */
  differences: string[];
  /** Came and went between two sweeps with every event lost, so they cannot be known. */
  traceless: { connections: number; tracks: number };
  /** How the facts of the ledger are known. */
  facts: Record<Fact['how'], number>;
  /** Greatest uncertainty of all facts, in seconds. */
  greatestUncertainty: number;
}

export const newComparison = (): Comparison => ({
  differences: [],
  traceless: { connections: 0, tracks: 0 },
  facts: { event: 0, sweep: 0, inferred: 0 },
  greatestUncertainty: 0,
});

interface EvidenceTrace {
  /** Sids that a delivered event or a list names. */
  named: Set<string>;
  /** `event:sid` of the delivered events. */
  reported: Set<string>;
  listed: Set<string>;
}

function traceOf(
  room: string,
  delivered: readonly ClusterEvent[],
  { cluster }: Simulation,
  before: readonly string[],
): EvidenceTrace {
  const sid = (of: Record<string, unknown> | undefined) => (of?.sid ?? '') as string;
  const reported = new Set(delivered.map((each) => `${each.event}:${sid(each.track ?? each.participant)}`));
  const people = [...(cluster.rooms.get(room)?.participants.values() ?? [])];
  const now = people.flatMap((each) => [each.sid, ...each.tracks.map((track) => track.sid)]);
  const listed = new Set([...before, ...now]);
  const named = new Set([
    ...listed,
    ...delivered.flatMap((each) => [sid(each.participant), sid(each.track)]),
  ]);
  return { named, reported, listed };
}

/** Whether the fact matches the truth: exactly, or within its uncertainty. */
function matchesTruth(fact: Fact | null, truthMs: number | null): boolean {
  if (fact === null || truthMs === null) return fact === null && truthMs === null;
  const earliestMs = fact.atMs - fact.uncertaintySeconds * 1000 - PRECISION_MS;
  return truthMs >= earliestMs && truthMs <= fact.atMs + PRECISION_MS;
}

/** How a fact must be known, given what was delivered and listed. */
const expectedSource = (reported: boolean, listed: boolean): Fact['how'] =>
  reported ? 'event' : listed ? 'sweep' : 'inferred';

type Begin = [fact: Fact, truthMs: number, how: Fact['how']];
type End = [fact: Fact | null, truthMs: number | null, how: Fact['how']];

function checkFact(into: Comparison, what: string, [fact, truthMs, how]: Begin | End): void {
  if (!matchesTruth(fact, truthMs))
    into.differences.push(`${what}: ${JSON.stringify(fact)} is not ${String(truthMs)}`);
  if (!fact) return;
  into.facts[fact.how]++;
  into.greatestUncertainty = Math.max(into.greatestUncertainty, fact.uncertaintySeconds);
  if (fact.how !== how) into.differences.push(`${what}: known by ${fact.how}, not by ${how}`);
  if (fact.how === 'event' && fact.uncertaintySeconds > PRECISION_MS / 1000)
    into.differences.push(`${what}: known by an event, and yet uncertain`);
}

function checkConnections(
  into: Comparison,
  view: LedgerState,
  room: string,
  { cluster }: Simulation,
  trace: EvidenceTrace,
) {
  const truths = cluster.history.connections.filter((each) => each.room === room);
  const known = new Map(view.connections.map((each) => [each.sid, each]));
  for (const truth of truths) {
    const { sid } = truth;
    const own = known.get(sid);
    known.delete(sid);
    if (!trace.named.has(sid)) into.traceless.connections++;
    if (!own) {
      if (trace.named.has(sid)) into.differences.push(`${sid}: is missing`);
      continue;
    }
    const wasReported =
      trace.reported.has(`participant_joined:${sid}`) || trace.reported.has(`participant_left:${sid}`);
    const listed = trace.listed.has(sid);
    if (own.identity !== truth.identity) into.differences.push(`${sid}: is ${own.identity}`);
    if ((wasReported || listed) && own.name !== truth.name)
      into.differences.push(`${sid}: is called ${own.name}`);
    checkFact(into, `${sid} joined`, [own.joined, truth.joinedAtMs, expectedSource(wasReported, listed)]);
    const left = trace.reported.has(`participant_left:${sid}`);
    checkFact(into, `${sid} left`, [own.left, truth.leftAtMs, expectedSource(left, false)]);
    if (left && own.leaveReason !== REASONS[truth.reason!])
      into.differences.push(`${sid}: left by ${own.leaveReason}`);
  }
  for (const sid of known.keys()) into.differences.push(`${sid}: never was`);
}

function checkTracks(
  into: Comparison,
  view: LedgerState,
  room: string,
  { cluster }: Simulation,
  trace: EvidenceTrace,
) {
  const known = new Map(view.tracks.map((each) => [each.sid, each]));
  for (const truth of cluster.history.tracks.filter((each) => each.room === room)) {
    const { sid } = truth;
    const own = known.get(sid);
    known.delete(sid);
    if (!trace.named.has(sid)) into.traceless.tracks++;
    if (!own) {
      if (trace.named.has(sid)) into.differences.push(`${sid}: is missing`);
      continue;
    }
    const is = [own.connectionSid, own.kind, own.source].join();
    const was = [truth.connection, truth.kind.toLowerCase(), truth.source.toLowerCase()].join();
    if (is !== was) into.differences.push(`${sid}: is ${is}, not ${was}`);
    const [published, unpublished] = ['track_published', 'track_unpublished'].map((event) =>
      trace.reported.has(`${event}:${sid}`),
    ) as [boolean, boolean];
    // Listed and reported as ended at the same moment: either may have been first.
    const either = unpublished && own.published.how === 'inferred';
    const how = expectedSource(published, !either && trace.listed.has(sid));
    checkFact(into, `${sid} published`, [own.published, truth.publishedAtMs, how]);
    checkFact(into, `${sid} unpublished`, [
      own.unpublished,
      truth.unpublishedAtMs,
      expectedSource(unpublished, false),
    ]);
  }
  for (const sid of known.keys()) into.differences.push(`${sid}: never was`);
}

/**
 * Compares the ledger of one call with the truth: the same connections and tracks, each open or ended; times equal where
 * they were reported or listed, within the uncertainty where they are inferred; and each fact known by the best source
 * that was delivered.
 * @param listedBefore sids that earlier sweeps found in the cluster's lists
 */
export function compare(
  into: Comparison,
  view: LedgerState,
  room: string,
  delivered: readonly ClusterEvent[],
  simulation: Simulation,
  listedBefore: readonly string[] = [],
): void {
  const trace = traceOf(room, delivered, simulation, listedBefore);
  checkConnections(into, view, room, simulation, trace);
  checkTracks(into, view, room, simulation, trace);
  const truth = simulation.cluster.history.rooms.find(({ name }) => name === room)!;
  const whole = delivered.some(({ room: about }) => about.creationTime !== undefined);
  const { started, ended } = view.call;
  const listed = truth.endedAtMs === null || listedBefore.length > 0;
  if (started)
    checkFact(into, `${room} started`, [started, truth.startedAtMs, expectedSource(whole, listed)]);
  const finished = delivered.some(({ event }) => event === 'room_finished');
  checkFact(into, `${room} ended`, [ended, truth.endedAtMs, expectedSource(finished, false)]);
}
