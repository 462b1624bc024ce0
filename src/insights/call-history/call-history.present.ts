import type { Fact } from '../../calls/ledger/index.ts';
import type { CallWithTotals, TimelineEntryRow } from './call-history.queries.ts';
import {
  type CallView,
  TIMELINE_ENTRY_TYPES,
  type TimelineEntryView,
  type CallParticipantView,
} from './call-history.schemas.ts';
import type { ParticipantWithConnections } from './read-call-history.ts';

const iso = (moment: Date | null): string | null => moment?.toISOString() ?? null;
/** Seconds with three decimals. */
const seconds = (ms: number): number => Math.round(ms) / 1000;

function presentFact(fact: Fact): TimelineEntryView['known'];
function presentFact(fact: Fact | null): TimelineEntryView['known'] | null;
function presentFact(fact: Fact | null): TimelineEntryView['known'] | null {
  if (!fact) return null;
  const { how, knownAtMs, uncertaintySeconds } = fact;
  return { how, knownAt: new Date(knownAtMs).toISOString(), uncertaintySeconds };
}

const bytes = (sum: string | null): number | null => (sum === null ? null : Number(sum));

/** @param now until when an active call has lasted */
export function presentCall(
  { call, runningMs, sentBytes, receivedBytes }: CallWithTotals,
  now: Date,
): CallView {
  const { id, roomId, status, region, startedAt, endedAt, endReason, peakParticipants, createdAt } = call;
  return {
    id,
    roomId,
    status,
    region,
    startedAt: iso(startedAt),
    started: presentFact(call.started),
    endedAt: iso(endedAt),
    ended: presentFact(call.ended),
    endReason,
    durationSeconds: startedAt ? Math.max(0, seconds((endedAt ?? now).getTime() - startedAt.getTime())) : 0,
    peakParticipants,
    participantSeconds: Math.max(0, seconds(call.participantMs + Number(runningMs))),
    sentBytes: bytes(sentBytes),
    receivedBytes: bytes(receivedBytes),
    createdAt: createdAt.toISOString(),
  };
}

export function presentParticipant({
  person,
  runningMs,
  connections,
}: ParticipantWithConnections): CallParticipantView {
  const { id, identity, kind, userId, name, role, status, region, joinedAt, leftAt } = person;
  return {
    id,
    identity,
    kind,
    userId,
    name,
    role,
    status,
    region,
    joinedAt: iso(joinedAt),
    leftAt: iso(leftAt),
    connectedSeconds: Math.max(0, seconds(person.connectedMs + Number(runningMs))),
    connections: connections.map((each) => ({
      sid: each.sid,
      name: each.name,
      connected: each.connected,
      joinedAt: each.joinedAt.toISOString(),
      joined: presentFact(each.joined),
      leftAt: iso(each.leftAt),
      left: presentFact(each.left),
      leaveReason: each.leaveReason,
    })),
  };
}

export function presentTimelineEntry({ at, rank, fact, ...entry }: TimelineEntryRow): TimelineEntryView {
  return { ...entry, occurredAt: at, type: TIMELINE_ENTRY_TYPES[rank]!, known: presentFact(fact) };
}
