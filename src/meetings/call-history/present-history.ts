import type { Fact } from '../ledger/index.ts';
import type { CallRow, EntryRow } from './history.queries.ts';
import { type CallView, ENTRY_TYPES, type EntryView, type ParticipantView } from './history.schemas.ts';
import type { PersonRow } from './read-history.ts';

const iso = (moment: Date | null): string | null => moment?.toISOString() ?? null;
/** Seconds, to the millisecond. */
const seconds = (ms: number): number => Math.round(ms) / 1000;

function known(fact: Fact): EntryView['known'];
function known(fact: Fact | null): EntryView['known'] | null;
function known(fact: Fact | null): EntryView['known'] | null {
  if (!fact) return null;
  const { how, knownAtMs, uncertaintySeconds } = fact;
  return { how, knownAt: new Date(knownAtMs).toISOString(), uncertaintySeconds };
}

const bytes = (sum: string | null): number | null => (sum === null ? null : Number(sum));

/** @param now until when what still runs has lasted */
export function presentCall({ call, runningMs, sentBytes, receivedBytes }: CallRow, now: Date): CallView {
  const { id, roomId, status, region, startedAt, endedAt, endReason, peakParticipants, createdAt } = call;
  return {
    id,
    roomId,
    status,
    region,
    startedAt: iso(startedAt),
    started: known(call.started),
    endedAt: iso(endedAt),
    ended: known(call.ended),
    endReason,
    durationSeconds: startedAt ? Math.max(0, seconds((endedAt ?? now).getTime() - startedAt.getTime())) : 0,
    peakParticipants,
    participantSeconds: Math.max(0, seconds(call.participantMs + Number(runningMs))),
    sentBytes: bytes(sentBytes),
    receivedBytes: bytes(receivedBytes),
    createdAt: createdAt.toISOString(),
  };
}

export function presentPerson({ person, runningMs, connections }: PersonRow): ParticipantView {
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
      joined: known(each.joined),
      leftAt: iso(each.leftAt),
      left: known(each.left),
      leaveReason: each.leaveReason,
    })),
  };
}

export function presentEntry({ at, rank, fact, ...entry }: EntryRow): EntryView {
  return { ...entry, occurredAt: at, type: ENTRY_TYPES[rank]!, known: known(fact) };
}
