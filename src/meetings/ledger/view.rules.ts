import type { ConnectionEvidence, End, Evidence, Mark, Presence, TrackEvidence } from './evidence.rules.ts';
import { concluded, earliestOf, fact, goneBy, lowerBound, soonest, TOLD_WITHIN_MS } from './facts.rules.ts';
import type { CallStatus, EndReason, Fact, LeaveReason, TrackKind, TrackSource } from './ledger.words.ts';

export interface CallView {
  status: CallStatus;
  /** When its LiveKit room was made; null until somebody connected. */
  started: Fact | null;
  ended: Fact | null;
  endReason: EndReason | null;
}

export interface ConnectionView {
  sid: string;
  identity: string;
  name: string;
  /** False for an attempt that the cluster gave up before media was connected: it counts nowhere. */
  connected: boolean;
  joined: Fact;
  left: Fact | null;
  leaveReason: LeaveReason | null;
}

export interface TrackView {
  sid: string;
  connectionSid: string;
  kind: TrackKind;
  source: TrackSource;
  muted: boolean;
  published: Fact;
  unpublished: Fact | null;
}

/** What the evidence comes to. Each list is in the order of its beginnings. */
export interface LedgerView {
  call: CallView;
  connections: readonly ConnectionView[];
  tracks: readonly TrackView[];
}

interface CallEnd {
  fact: Fact;
  reason: EndReason;
}

/** Why the cluster was done with a room when it does not say: somebody deleted it, or everybody had left. */
const reasonAmong = (connections: Evidence['connections']): EndReason =>
  [...connections.values()].some(({ left }) => left?.reason === 'call_ended') ? 'closed' : 'empty';

function endOfCall({ call, connections }: Evidence, connected: boolean): CallEnd | null {
  const { closed, finished } = call;
  const told = finished && (!closed || finished.atMs < closed.atMs) ? finished : closed;
  // What is ended here stays ended, whatever the cluster says of it later.
  if (told) {
    const decided = connected && closed?.reason === 'nobody_came' ? null : closed?.reason;
    return { fact: fact(told), reason: decided ?? finished?.reason ?? reasonAmong(connections) };
  }
  const gone = call.lastMs === null ? null : goneBy(call);
  return gone && { fact: concluded(gone, call.lastMs!), reason: 'lost' };
}

/** The next connection of the same identity, when it surely came later: there is never more than one at a time. */
function replacementOf(
  own: ConnectionEvidence,
  fromMs: number,
  sameIdentity: readonly ConnectionEvidence[],
): Mark | null {
  const lastMs = own.lastMs ?? fromMs;
  const next = sameIdentity.filter(
    ({ sid, joined, proven }) => sid !== own.sid && proven && joined !== null && joined.atMs > fromMs,
  );
  const replacement = soonest(next.map(({ joined }) => joined));
  return replacement && lastMs <= replacement.atMs + TOLD_WITHIN_MS ? replacement : null;
}

/** When the cluster was done with the room in which the connection was. */
function roomGoneFor({ lastMs }: Presence, fromMs: number, { call }: Evidence): Mark | null {
  const seenMs = lastMs ?? fromMs;
  if (call.finished && seenMs <= call.finished.atMs + TOLD_WITHIN_MS) return call.finished;
  return call.absent && goneBy({ ...call, lastMs: seenMs });
}

interface Leave {
  left: Fact | null;
  leaveReason: LeaveReason | null;
}

/** Evidence, with the connections by their identity besides. */
interface Grouped extends Evidence {
  byIdentity: ReadonlyMap<string, readonly ConnectionEvidence[]>;
}

function leaveOf(own: ConnectionEvidence, joined: Fact, evidence: Grouped): Leave {
  const told: End<LeaveReason> | null = own.left ?? own.aborted;
  if (told) {
    const atMs = Math.max(told.atMs, joined.atMs);
    return { left: fact({ ...told, atMs }), leaveReason: told.reason };
  }
  const fromMs = joined.atMs;
  const replacement = replacementOf(own, fromMs, evidence.byIdentity.get(own.identity)!);
  const over = roomGoneFor(own, fromMs, evidence);
  const gone = soonest([replacement, over, goneBy({ ...own, lastMs: own.lastMs ?? fromMs })]);
  if (!gone) return { left: null, leaveReason: null };
  const reasons = new Map<Mark, LeaveReason>();
  if (over) reasons.set(over, 'call_ended');
  if (replacement) reasons.set(replacement, 'replaced');
  return {
    left: { ...concluded(gone, Math.max(fromMs, own.lastMs ?? fromMs)), how: 'inferred' },
    leaveReason: reasons.get(gone) ?? null,
  };
}

function connectionView(own: ConnectionEvidence, evidence: Grouped, bornMs: number): ConnectionView {
  const { sid, identity, name, proven: connected } = own;
  const joined = own.joined
    ? fact(own.joined)
    : concluded(own.first!, lowerBound(own, evidence.call.made?.atMs ?? bornMs));
  return { sid, identity, name: name?.text ?? '', connected, joined, ...leaveOf(own, joined, evidence) };
}

function trackView(own: TrackEvidence, connection: ConnectionView | undefined): TrackView {
  const { sid, connectionSid, about } = own;
  const { kind, source, muted } = about;
  const first = own.first!;
  const published = own.published
    ? fact(own.published)
    : concluded(
        first,
        lowerBound(own, Math.min(connection ? earliestOf(connection.joined) : first.atMs, first.atMs)),
      );
  const seenMs = Math.max(own.lastMs ?? 0, earliestOf(published));
  const left = connection?.left;
  const gone = soonest([left ? { ...left, how: 'inferred' } : null, goneBy({ ...own, lastMs: seenMs })]);
  const unpublished = own.unpublished
    ? fact({ ...own.unpublished, atMs: Math.max(own.unpublished.atMs, published.atMs) })
    : gone && concluded(gone, seenMs);
  return { sid, connectionSid, kind, source, muted, published, unpublished };
}

const inOrder = <T extends { sid: string }>(values: T[], beginOf: (value: T) => Fact): T[] =>
  values.sort((a, b) => beginOf(a).atMs - beginOf(b).atMs || (a.sid < b.sid ? -1 : 1));

function callView(evidence: Evidence, connected: boolean, bornMs: number): CallView {
  const { made, first } = evidence.call;
  const end = endOfCall(evidence, connected);
  const began = made ? fact(made) : first && concluded(first, Math.min(bornMs, first.atMs));
  const status = end ? (connected ? 'ended' : 'failed') : connected ? 'active' : 'waiting';
  return {
    status,
    started: connected ? began : null,
    ended: end?.fact ?? null,
    endReason: end?.reason ?? null,
  };
}

/**
 * What the evidence comes to, contradictions settled: an event beats a list, a list beats a conclusion, and nothing is
 * over that was seen since.
 * @param bornMs when the call was made here: nothing of it is older
 */
export function viewOf(evidence: Evidence, bornMs: number): LedgerView {
  const seenOf = [...evidence.connections.values()].filter((each) => each.first !== null);
  const byIdentity = Map.groupBy(seenOf, ({ identity }) => identity);
  const connections = seenOf.map((each) => connectionView(each, { ...evidence, byIdentity }, bornMs));
  const bySid = new Map(connections.map((each) => [each.sid, each]));
  const tracks = [...evidence.tracks.values()]
    .filter((each) => each.first !== null)
    .map((each) => trackView(each, bySid.get(each.connectionSid)));
  return {
    call: callView(
      evidence,
      connections.some((each) => each.connected),
      bornMs,
    ),
    connections: inOrder(connections, ({ joined }) => joined),
    tracks: inOrder(tracks, ({ published }) => published),
  };
}
