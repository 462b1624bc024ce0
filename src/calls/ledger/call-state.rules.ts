import type { CallEvidence, Evidence } from './evidence.rules.ts';
import { absenceAsMark, inferredFact, latestMsOf, reportedFact } from './facts.rules.ts';
import type { CallStatus, EndReason, Fact } from './ledger.enums.ts';

export interface CallState {
  status: CallStatus;
  /** When the LiveKit room was created; null until a participant connects. */
  started: Fact | null;
  ended: Fact | null;
  endReason: EndReason | null;
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

/** @param joinedMs when the connections joined */
function endOfCall(
  { call, connections }: Evidence,
  connected: boolean,
  joinedMs: readonly number[],
): CallEnd | null {
  const { closed, finished } = call;
  // In the same second, the end here is the cause of the end at the cluster.
  const reported = finished && (!closed || latestMsOf(finished) < closed.atMs) ? finished : closed;
  // A call that was ended here stays ended, whatever the cluster reports later.
  if (reported) {
    const decided = connected && closed?.reason === 'nobody_came' ? null : closed?.reason;
    const causesMs = [reported.atMs, ...joinedMs].filter((atMs) => atMs <= latestMsOf(reported));
    const fact = reportedFact(reported, Math.max(...causesMs));
    return { fact, reason: decided ?? finished?.reason ?? inferEndReason(connections) };
  }
  const absence = call.lastMs === null ? null : absenceAsMark(call);
  if (!absence) return null;
  // A list may show that a room is gone before the cluster's event about its end arrives.
  const reason = allReportedAsLeft(connections) ? inferEndReason(connections) : 'lost';
  return { fact: inferredFact(absence, call.lastMs!), reason };
}

/** When the LiveKit room was created: before anybody joined. */
function deriveStart({ made, first }: CallEvidence, joinedMs: readonly number[], createdMs: number) {
  if (made) return reportedFact(made);
  if (!first) return null;
  const fact = inferredFact(first, Math.min(createdMs, first.atMs));
  return { ...fact, atMs: Math.min(fact.atMs, ...joinedMs) };
}

/** @param joinedMs when the connections joined that were connected to media */
export function deriveCallState(
  evidence: Evidence,
  joinedMs: readonly number[],
  createdMs: number,
): CallState {
  const connected = joinedMs.length > 0;
  const end = endOfCall(evidence, connected, joinedMs);
  const began = deriveStart(evidence.call, joinedMs, createdMs);
  const status = end ? (connected ? 'ended' : 'failed') : connected ? 'active' : 'waiting';
  return {
    status,
    started: connected ? began : null,
    ended: end?.fact ?? null,
    endReason: end?.reason ?? null,
  };
}
