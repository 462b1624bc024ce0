import type { LiveParticipant, LiveRoom } from '../clusters/index.ts';
import {
  type Absence,
  type ConnectionEvidence,
  emptyConnection,
  type Evidence,
  type Mark,
  missed,
  NO_CALL_EVIDENCE,
  type Presence,
  seen,
  type TrackEvidence,
  type Whole,
} from './evidence.rules.ts';
import { trackSeen } from './events.rules.ts';
import type { LedgerView } from './view.rules.ts';

/**
 * A list shows how things stood at some moment between asking and answering, by the clock of another machine, perhaps
 * read from a store that lags. What was seen so shortly before the asking, or later, is not closed by it.
 */
export const LIST_MAY_LAG_MS = 5_000;

export interface Listed<T> {
  askedAtMs: number;
  answeredAtMs: number;
  value: T;
}

export interface Lists {
  /** The cluster's entry for the call; undefined when its list had none. */
  room: Listed<LiveRoom | undefined>;
  /** Absent when they were not asked for, because there is no room. */
  participants?: Listed<readonly LiveParticipant[]>;
}

const missing = ({ askedAtMs, answeredAtMs }: Listed<unknown>): Presence => {
  const absent: Absence = { sinceMs: askedAtMs - LIST_MAY_LAG_MS, atMs: answeredAtMs };
  return missed(absent);
};

/** First seen when the answer came at the latest, last seen when it was asked for at the earliest. */
const found = ({ askedAtMs, answeredAtMs }: Listed<unknown>) => {
  const first: Mark = { atMs: answeredAtMs, how: 'sweep', knownAtMs: answeredAtMs };
  return { first, lastMs: askedAtMs };
};

function listedConnection(
  list: Listed<unknown>,
  { sid, identity, name, joinedAtMs }: LiveParticipant,
): ConnectionEvidence {
  const { first, lastMs } = found(list);
  return {
    ...emptyConnection(sid, identity),
    ...seen(first, lastMs),
    name: name === '' ? null : { text: name, atMs: lastMs },
    joined: joinedAtMs > 0 ? { ...first, atMs: joinedAtMs } : null,
    proven: true,
    listedMs: lastMs,
  };
}

/** What the list of a call's participants says of those who are known and of those who are not. */
function evidenceOfParticipants(
  known: LedgerView,
  list: Listed<readonly LiveParticipant[]>,
): Pick<Evidence, 'connections' | 'tracks'> {
  const connections = new Map<string, ConnectionEvidence>();
  const tracks = new Map<string, TrackEvidence>();
  const there = list.value.filter(({ state }) => state === 'active');
  const named = new Map(list.value.map(({ sid, state }) => [sid, state]));
  const isConnecting = (sid: string) => named.has(sid) && named.get(sid) !== 'active';
  for (const participant of there) {
    connections.set(participant.sid, listedConnection(list, participant));
    const { first, lastMs } = found(list);
    for (const track of participant.tracks)
      tracks.set(track.sid, trackSeen(track, participant.sid, first, lastMs));
  }
  for (const { sid, identity, left } of known.connections)
    if (left === null && !named.has(sid))
      connections.set(sid, { ...emptyConnection(sid, identity), ...missing(list) });
  for (const { sid, connectionSid, kind, source, muted, unpublished } of known.tracks)
    if (unpublished === null && !tracks.has(sid) && !isConnecting(connectionSid))
      tracks.set(sid, {
        ...trackSeen({ sid, kind, source, muted }, connectionSid, found(list).first),
        // What it was like is known better than by its absence.
        about: { kind, source, muted, atMs: 0 },
        ...missing(list),
      });
  return { connections, tracks };
}

/** What a cluster's own lists say of a call that is known as `known`. */
export function evidenceOfLists(known: LedgerView, { room, participants }: Lists): Evidence {
  const people = participants ?? { ...room, value: [] };
  if (room.value === undefined) {
    // What is over is not there, of course: when it ended is known better by now.
    const call = known.call.ended ? NO_CALL_EVIDENCE : { ...NO_CALL_EVIDENCE, ...missing(room) };
    return { call, ...evidenceOfParticipants(known, people) };
  }
  const { first, lastMs } = found(room);
  const { createdAtMs } = room.value;
  return {
    call: {
      ...NO_CALL_EVIDENCE,
      ...seen(first, lastMs),
      made: createdAtMs > 0 ? { ...first, atMs: createdAtMs } : null,
      listedMs: participants?.askedAtMs ?? null,
    },
    ...(participants
      ? evidenceOfParticipants(known, participants)
      : { connections: new Map(), tracks: new Map() }),
  };
}

/**
 * That nobody can tell of a call any more: what is open in it was over once it was last seen, so that nothing counts
 * that nobody saw. It is open again when it is seen after all.
 */
export function evidenceOfSilence(
  known: LedgerView,
  { call, connections }: Evidence,
  nowMs: number,
): Evidence {
  const over = (seenMs: number) => missed({ sinceMs: seenMs + 1, atMs: seenMs, knownAtMs: nowMs });
  const lastSeen = known.connections.map(({ sid, identity, joined, left }) => {
    const seenMs = left?.atMs ?? Math.max(joined.atMs, connections.get(sid)!.lastMs ?? 0);
    return { sid, identity, isOpen: left === null, seenMs };
  });
  const callSeenMs = Math.max(call.lastMs ?? 0, ...lastSeen.map(({ seenMs }) => seenMs));
  return {
    call: known.call.ended ? NO_CALL_EVIDENCE : { ...NO_CALL_EVIDENCE, ...over(callSeenMs) },
    connections: new Map(
      lastSeen
        .filter(({ isOpen }) => isOpen)
        .map(({ sid, identity, seenMs }) => [sid, { ...emptyConnection(sid, identity), ...over(seenMs) }]),
    ),
    tracks: new Map(),
  };
}

/** What is new to the ledger was not there yet when its whole was last listed: it would be known. */
function notBefore<T extends Presence>(part: T, whole: Whole | undefined): T {
  const listedMs = whole?.listedMs;
  return listedMs == null ? part : { ...part, notBeforeMs: listedMs - LIST_MAY_LAG_MS };
}

/** What was told, with what the lists that went before say of it: since when, at the earliest, it can have been. */
export function boundByLists(known: Evidence, told: Evidence): Evidence {
  const connections = [...told.connections].map(([sid, each]) => {
    const isNew = !known.connections.has(sid) && each.joined === null;
    return [sid, isNew ? notBefore(each, known.call) : each] as const;
  });
  const tracks = [...told.tracks].map(([sid, each]) => {
    const isNew = !known.tracks.has(sid) && each.published === null;
    return [sid, isNew ? notBefore(each, known.connections.get(each.connectionSid)) : each] as const;
  });
  return { call: told.call, connections: new Map(connections), tracks: new Map(tracks) };
}
