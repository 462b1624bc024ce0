import type { ClusterParticipant, ClusterRoom } from '../clusters/index.ts';
import {
  type AbsenceMark,
  type ConnectionEvidence,
  emptyConnectionEvidence,
  type Evidence,
  type TimeMark,
  presenceMissing,
  NO_CALL_EVIDENCE,
  type PresenceEvidence,
  presenceSeen,
  type TrackEvidence,
  type ListedEvidence,
} from './evidence.rules.ts';
import { trackEvidence } from './event-evidence.rules.ts';
import type { LedgerState } from './ledger-state.rules.ts';

/**
 * A list shows the cluster at some moment between request and answer, by another machine's clock, and possibly from a store
 * that lags. It does not close what was seen this shortly before the request, or later.
 */
export const LIST_LAG_MS = 5_000;

export interface ListAnswer<T> {
  askedAtMs: number;
  answeredAtMs: number;
  value: T;
}

export interface ClusterLists {
  /** The cluster's room of the call; undefined when its list had none. */
  room: ListAnswer<ClusterRoom | undefined>;
  /** Absent when they were not requested, because there is no room. */
  participants?: ListAnswer<readonly ClusterParticipant[]>;
}

const presenceMissingFrom = ({ askedAtMs, answeredAtMs }: ListAnswer<unknown>): PresenceEvidence => {
  const absent: AbsenceMark = { sinceMs: askedAtMs - LIST_LAG_MS, atMs: answeredAtMs };
  return presenceMissing(absent);
};

/** First seen at the answer at the latest, last seen at the request at the earliest. */
const sightingIn = ({ askedAtMs, answeredAtMs }: ListAnswer<unknown>) => {
  const first: TimeMark = { atMs: answeredAtMs, how: 'sweep', knownAtMs: answeredAtMs };
  return { first, lastMs: askedAtMs };
};

function connectionEvidenceOf(
  list: ListAnswer<unknown>,
  { sid, identity, name, joinedAtMs }: ClusterParticipant,
): ConnectionEvidence {
  const { first, lastMs } = sightingIn(list);
  return {
    ...emptyConnectionEvidence(sid, identity),
    ...presenceSeen(first, lastMs),
    name: name === '' ? null : { text: name, atMs: lastMs },
    joined: joinedAtMs > 0 ? { ...first, atMs: joinedAtMs } : null,
    proven: true,
    listedMs: lastMs,
  };
}

/** The evidence of a participant list: connections that are there, and connections and tracks that are missing. */
function evidenceOfParticipantList(
  current: LedgerState,
  list: ListAnswer<readonly ClusterParticipant[]>,
): Pick<Evidence, 'connections' | 'tracks'> {
  const connections = new Map<string, ConnectionEvidence>();
  const tracks = new Map<string, TrackEvidence>();
  const activeParticipants = list.value.filter(({ state }) => state === 'active');
  const stateBySid = new Map(list.value.map(({ sid, state }) => [sid, state]));
  const isConnecting = (sid: string) => stateBySid.has(sid) && stateBySid.get(sid) !== 'active';
  for (const participant of activeParticipants) {
    connections.set(participant.sid, connectionEvidenceOf(list, participant));
    const { first, lastMs } = sightingIn(list);
    for (const track of participant.tracks)
      tracks.set(track.sid, trackEvidence(track, participant.sid, first, lastMs));
  }
  for (const { sid, identity, left } of current.connections)
    if (left === null && !stateBySid.has(sid))
      connections.set(sid, { ...emptyConnectionEvidence(sid, identity), ...presenceMissingFrom(list) });
  for (const { sid, connectionSid, kind, source, muted, unpublished } of current.tracks)
    if (unpublished === null && !tracks.has(sid) && !isConnecting(connectionSid))
      tracks.set(sid, {
        ...trackEvidence({ sid, kind, source, muted }, connectionSid, sightingIn(list).first),
        // The absence does not show its kind, source and mute state.
        about: { kind, source, muted, atMs: 0 },
        ...presenceMissingFrom(list),
      });
  return { connections, tracks };
}

/** The evidence of a cluster's lists for one call. @param current the state before */
export function evidenceOfLists(current: LedgerState, { room, participants }: ClusterLists): Evidence {
  const participantList = participants ?? { ...room, value: [] };
  if (room.value === undefined) {
    // A call that has ended is not listed; its end is already known better.
    const call = current.call.ended
      ? NO_CALL_EVIDENCE
      : { ...NO_CALL_EVIDENCE, ...presenceMissingFrom(room) };
    return { call, ...evidenceOfParticipantList(current, participantList) };
  }
  const { first, lastMs } = sightingIn(room);
  const { createdAtMs } = room.value;
  return {
    call: {
      ...NO_CALL_EVIDENCE,
      ...presenceSeen(first, lastMs),
      made: createdAtMs > 0 ? { ...first, atMs: createdAtMs } : null,
      listedMs: participants?.askedAtMs ?? null,
    },
    ...(participants
      ? evidenceOfParticipantList(current, participants)
      : { connections: new Map(), tracks: new Map() }),
  };
}

/**
 * The evidence when no source can report on a call any more: everything open in it ended when it was last seen, so that no
 * time counts that no source confirms. It reopens when it is seen after all.
 */
export function evidenceOfSilence(
  current: LedgerState,
  { call, connections }: Evidence,
  nowMs: number,
): Evidence {
  const absentSince = (seenMs: number) =>
    presenceMissing({ sinceMs: seenMs + 1, atMs: seenMs, knownAtMs: nowMs });
  const lastSeen = current.connections.map(({ sid, identity, joined, left }) => {
    const seenMs = left?.atMs ?? Math.max(joined.atMs, connections.get(sid)!.lastMs ?? 0);
    return { sid, identity, isOpen: left === null, seenMs };
  });
  const callSeenMs = Math.max(call.lastMs ?? 0, ...lastSeen.map(({ seenMs }) => seenMs));
  return {
    call: current.call.ended ? NO_CALL_EVIDENCE : { ...NO_CALL_EVIDENCE, ...absentSince(callSeenMs) },
    connections: new Map(
      lastSeen
        .filter(({ isOpen }) => isOpen)
        .map(({ sid, identity, seenMs }) => [
          sid,
          { ...emptyConnectionEvidence(sid, identity), ...absentSince(seenMs) },
        ]),
    ),
    tracks: new Map(),
  };
}

/** Something new to the ledger did not exist yet when the last list was requested: it would be known. */
function withNotBefore<T extends PresenceEvidence>(part: T, whole: ListedEvidence | undefined): T {
  const listedMs = whole?.listedMs;
  return listedMs == null ? part : { ...part, notBeforeMs: listedMs - LIST_LAG_MS };
}

/** The added evidence with the earliest possible start of what is new, by the lists so far. */
export function boundEvidenceByLists(stored: Evidence, added: Evidence): Evidence {
  const connections = [...added.connections].map(([sid, each]) => {
    const isNew = !stored.connections.has(sid) && each.joined === null;
    return [sid, isNew ? withNotBefore(each, stored.call) : each] as const;
  });
  const tracks = [...added.tracks].map(([sid, each]) => {
    const isNew = !stored.tracks.has(sid) && each.published === null;
    return [sid, isNew ? withNotBefore(each, stored.connections.get(each.connectionSid)) : each] as const;
  });
  return { call: added.call, connections: new Map(connections), tracks: new Map(tracks) };
}
