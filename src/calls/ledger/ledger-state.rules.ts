import { type CallState, deriveCallState } from './call-state.rules.ts';
import type {
  ConnectionEvidence,
  EndMark,
  Evidence,
  TimeMark,
  PresenceEvidence,
  TrackEvidence,
} from './evidence.rules.ts';
import {
  inferredFact,
  earliestMs,
  reportedFact,
  absenceAsMark,
  lowerBoundMs,
  earliestMark,
  CLUSTER_PRECISION_MS,
} from './facts.rules.ts';
import type { Fact, LeaveReason, TrackKind, TrackSource } from './ledger.enums.ts';

export interface ConnectionState {
  sid: string;
  identity: string;
  name: string;
  /** False for an attempt that the cluster aborted before media was connected: it counts in no sum. */
  connected: boolean;
  joined: Fact;
  left: Fact | null;
  leaveReason: LeaveReason | null;
}

export interface TrackState {
  sid: string;
  connectionSid: string;
  kind: TrackKind;
  source: TrackSource;
  muted: boolean;
  published: Fact;
  unpublished: Fact | null;
}

/** What the evidence shows. Each list is ordered by start. */
export interface LedgerState {
  call: CallState;
  connections: readonly ConnectionState[];
  tracks: readonly TrackState[];
}

/** When the same identity connected again, if that is certain: an identity has one connection at a time. */
function findReplacement(
  own: ConnectionEvidence,
  fromMs: number,
  sameIdentity: readonly ConnectionEvidence[],
): TimeMark | null {
  const lastMs = own.lastMs ?? fromMs;
  const next = sameIdentity.filter(
    ({ sid, joined, proven }) => sid !== own.sid && proven && joined !== null && joined.atMs > fromMs,
  );
  const replacement = earliestMark(next.map(({ joined }) => joined));
  return replacement && lastMs <= replacement.atMs + CLUSTER_PRECISION_MS ? replacement : null;
}

/** When the connection's room was closed. */
function findRoomEnd({ lastMs }: PresenceEvidence, fromMs: number, { call }: Evidence): TimeMark | null {
  const seenMs = lastMs ?? fromMs;
  if (call.finished && seenMs <= call.finished.atMs + CLUSTER_PRECISION_MS) return call.finished;
  return call.absent && absenceAsMark({ ...call, lastMs: seenMs });
}

interface ConnectionEnd {
  left: Fact | null;
  leaveReason: LeaveReason | null;
}

/** Evidence, and its connections by identity. */
interface GroupedEvidence extends Evidence {
  byIdentity: ReadonlyMap<string, readonly ConnectionEvidence[]>;
}

function deriveConnectionEnd(
  own: ConnectionEvidence,
  joined: Fact,
  evidence: GroupedEvidence,
): ConnectionEnd {
  const reported: EndMark<LeaveReason> | null = own.left ?? own.aborted;
  if (reported) {
    return { left: reportedFact(reported, joined.atMs), leaveReason: reported.reason };
  }
  const fromMs = joined.atMs;
  const replacement = findReplacement(own, fromMs, evidence.byIdentity.get(own.identity)!);
  const roomEnd = findRoomEnd(own, fromMs, evidence);
  const endMark = earliestMark([
    replacement,
    roomEnd,
    absenceAsMark({ ...own, lastMs: own.lastMs ?? fromMs }),
  ]);
  if (!endMark) return { left: null, leaveReason: null };
  const reasons = new Map<TimeMark, LeaveReason>();
  if (roomEnd) reasons.set(roomEnd, 'call_ended');
  if (replacement) reasons.set(replacement, 'replaced');
  return {
    left: { ...inferredFact(endMark, Math.max(fromMs, own.lastMs ?? fromMs)), how: 'inferred' },
    leaveReason: reasons.get(endMark) ?? null,
  };
}

function deriveConnection(
  own: ConnectionEvidence,
  evidence: GroupedEvidence,
  createdMs: number,
): ConnectionState {
  const { sid, identity, name, proven: connected } = own;
  const joined = own.joined
    ? reportedFact(own.joined)
    : inferredFact(own.first!, lowerBoundMs(own, evidence.call.made?.atMs ?? createdMs));
  return {
    sid,
    identity,
    name: name?.text ?? '',
    connected,
    joined,
    ...deriveConnectionEnd(own, joined, evidence),
  };
}

/** When the track was published: not before its connection joined. */
function derivePublication(own: TrackEvidence, connection: ConnectionState | undefined): Fact {
  const first = own.first!;
  const joinedMs = connection?.joined.atMs ?? first.atMs;
  if (own.published) return reportedFact(own.published, joinedMs);
  const fromMs = connection ? Math.min(earliestMs(connection.joined), first.atMs) : first.atMs;
  const fact = inferredFact(first, lowerBoundMs(own, fromMs));
  return { ...fact, atMs: Math.max(fact.atMs, joinedMs) };
}

function deriveTrack(own: TrackEvidence, connection: ConnectionState | undefined): TrackState {
  const { sid, connectionSid, about } = own;
  const { kind, source, muted } = about;
  const published = derivePublication(own, connection);
  const seenMs = Math.max(own.lastMs ?? 0, earliestMs(published));
  const left = connection?.left;
  const endMark = earliestMark([
    left ? { ...left, how: 'inferred' } : null,
    absenceAsMark({ ...own, lastMs: seenMs }),
  ]);
  const unpublished = own.unpublished
    ? reportedFact(own.unpublished, published.atMs)
    : endMark && inferredFact(endMark, seenMs);
  return { sid, connectionSid, kind, source, muted, published, unpublished };
}

const sortByStart = <T extends { sid: string }>(values: T[], startOf: (value: T) => Fact): T[] =>
  values.sort((a, b) => startOf(a).atMs - startOf(b).atMs || (a.sid < b.sid ? -1 : 1));

/**
 * The state that the evidence shows, contradictions resolved: an event outweighs a list, a list outweighs an inference, and
 * nothing has ended that was seen since.
 * @param createdMs when this product created the call: nothing about it is older
 */
export function deriveLedgerState(evidence: Evidence, createdMs: number): LedgerState {
  const seenConnections = [...evidence.connections.values()].filter((each) => each.first !== null);
  const byIdentity = Map.groupBy(seenConnections, ({ identity }) => identity);
  const connections = seenConnections.map((each) =>
    deriveConnection(each, { ...evidence, byIdentity }, createdMs),
  );
  const bySid = new Map(connections.map((each) => [each.sid, each]));
  const tracks = [...evidence.tracks.values()]
    .filter((each) => each.first !== null)
    .map((each) => deriveTrack(each, bySid.get(each.connectionSid)));
  return {
    call: deriveCallState(
      evidence,
      connections.filter((each) => each.connected).map(({ joined }) => joined.atMs),
      createdMs,
    ),
    connections: sortByStart(connections, ({ joined }) => joined),
    tracks: sortByStart(tracks, ({ published }) => published),
  };
}
