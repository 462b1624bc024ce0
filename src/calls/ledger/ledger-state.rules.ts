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
  exactFact,
  absenceAsMark,
  lowerBoundMs,
  earliestMark,
  CLUSTER_PRECISION_MS,
} from './facts.rules.ts';
import type { CallStatus, EndReason, Fact, LeaveReason, TrackKind, TrackSource } from './ledger.enums.ts';

export interface CallState {
  status: CallStatus;
  /** When the LiveKit room was created; null until a participant connects. */
  started: Fact | null;
  ended: Fact | null;
  endReason: EndReason | null;
}

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

interface CallEnd {
  fact: Fact;
  reason: EndReason;
}

/** Why the cluster closed a room without giving a reason: it was deleted, or everybody had left. */
const inferEndReason = (connections: Evidence['connections']): EndReason =>
  [...connections.values()].some(({ left }) => left?.reason === 'call_ended') ? 'closed' : 'empty';

/** Whether the cluster reported the end of every connection, and there was one. */
const allReportedAsLeft = (connections: Evidence['connections']): boolean =>
  connections.size > 0 && [...connections.values()].every(({ left, aborted }) => left ?? aborted);

function endOfCall({ call, connections }: Evidence, connected: boolean): CallEnd | null {
  const { closed, finished } = call;
  const reported = finished && (!closed || finished.atMs < closed.atMs) ? finished : closed;
  // A call that was ended here stays ended, whatever the cluster reports later.
  if (reported) {
    const decided = connected && closed?.reason === 'nobody_came' ? null : closed?.reason;
    return { fact: exactFact(reported), reason: decided ?? finished?.reason ?? inferEndReason(connections) };
  }
  const absence = call.lastMs === null ? null : absenceAsMark(call);
  if (!absence) return null;
  // A list may show that a room is gone before the cluster's event about its end arrives.
  const reason = allReportedAsLeft(connections) ? inferEndReason(connections) : 'lost';
  return { fact: inferredFact(absence, call.lastMs!), reason };
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
    const atMs = Math.max(reported.atMs, joined.atMs);
    return { left: exactFact({ ...reported, atMs }), leaveReason: reported.reason };
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
    ? exactFact(own.joined)
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

function deriveTrack(own: TrackEvidence, connection: ConnectionState | undefined): TrackState {
  const { sid, connectionSid, about } = own;
  const { kind, source, muted } = about;
  const first = own.first!;
  const published = own.published
    ? exactFact(own.published)
    : inferredFact(
        first,
        lowerBoundMs(own, Math.min(connection ? earliestMs(connection.joined) : first.atMs, first.atMs)),
      );
  const seenMs = Math.max(own.lastMs ?? 0, earliestMs(published));
  const left = connection?.left;
  const endMark = earliestMark([
    left ? { ...left, how: 'inferred' } : null,
    absenceAsMark({ ...own, lastMs: seenMs }),
  ]);
  const unpublished = own.unpublished
    ? exactFact({ ...own.unpublished, atMs: Math.max(own.unpublished.atMs, published.atMs) })
    : endMark && inferredFact(endMark, seenMs);
  return { sid, connectionSid, kind, source, muted, published, unpublished };
}

const sortByStart = <T extends { sid: string }>(values: T[], startOf: (value: T) => Fact): T[] =>
  values.sort((a, b) => startOf(a).atMs - startOf(b).atMs || (a.sid < b.sid ? -1 : 1));

function deriveCall(evidence: Evidence, connected: boolean, createdMs: number): CallState {
  const { made, first } = evidence.call;
  const end = endOfCall(evidence, connected);
  const began = made ? exactFact(made) : first && inferredFact(first, Math.min(createdMs, first.atMs));
  const status = end ? (connected ? 'ended' : 'failed') : connected ? 'active' : 'waiting';
  return {
    status,
    started: connected ? began : null,
    ended: end?.fact ?? null,
    endReason: end?.reason ?? null,
  };
}

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
    call: deriveCall(
      evidence,
      connections.some((each) => each.connected),
      createdMs,
    ),
    connections: sortByStart(connections, ({ joined }) => joined),
    tracks: sortByStart(tracks, ({ published }) => published),
  };
}
