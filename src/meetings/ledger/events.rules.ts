import type { LiveParticipant, LiveRoom, LiveTrack } from '../clusters/index.ts';
import {
  type ConnectionEvidence,
  emptyConnection,
  type End,
  type Evidence,
  type Mark,
  NO_CALL_EVIDENCE,
  seen,
  type TrackEvidence,
} from './evidence.rules.ts';
import type { EndReason, LeaveReason } from './ledger.words.ts';

/** A cluster's event, in our words. */
export interface ToldEvent {
  /** `participant_joined` …; LiveKit's names. */
  type: string;
  /** The cluster's time, in whole seconds; milliseconds since the epoch. */
  atMs: number;
  receivedAtMs: number;
  room: Pick<LiveRoom, 'createdAtMs'> | null;
  endReason: EndReason | null;
  participant: Omit<LiveParticipant, 'state'> | null;
  leaveReason: LeaveReason | null;
  track: LiveTrack | null;
}

const asMap = <T extends { sid: string }>(values: readonly T[]): ReadonlyMap<string, T> =>
  new Map(values.map((value) => [value.sid, value]));

/** What an event that names a participant says of their connection. */
function connectionIn(told: ToldEvent, mark: Mark): ConnectionEvidence[] {
  const { participant, type, leaveReason } = told;
  if (!participant?.sid) return [];
  const { sid, identity, name, joinedAtMs, tracks } = participant;
  const end: End<LeaveReason> = { ...mark, reason: leaveReason };
  const aborted = type === 'participant_connection_aborted';
  return [
    {
      ...emptyConnection(sid, identity),
      ...seen(mark),
      name: name === '' ? null : { text: name, atMs: mark.atMs },
      // Events of tracks name their participant by sid and identity alone.
      joined: joinedAtMs > 0 ? { ...mark, atMs: joinedAtMs } : null,
      left: type === 'participant_left' ? end : null,
      aborted: aborted ? end : null,
      proven: !aborted || tracks.length > 0,
    },
  ];
}

/** A track as it was seen with its connection. */
export const trackSeen = (
  { sid, kind, source, muted }: LiveTrack,
  connectionSid: string,
  first: Mark,
  lastMs = first.atMs,
): TrackEvidence => ({
  ...seen(first, lastMs),
  sid,
  connectionSid,
  about: { kind, source, muted, atMs: lastMs },
  published: null,
  unpublished: null,
});

function tracksIn({ participant, track, type }: ToldEvent, mark: Mark): TrackEvidence[] {
  if (!participant?.sid) return [];
  const listed = participant.tracks.map((each) => trackSeen(each, participant.sid, mark));
  if (!track?.sid) return listed;
  return [
    ...listed.filter(({ sid }) => sid !== track.sid),
    {
      ...trackSeen(track, participant.sid, mark),
      published: type === 'track_published' ? mark : null,
      unpublished: type === 'track_unpublished' ? mark : null,
    },
  ];
}

/**
 * What an event says, not only of what it is about: a leave tells when they had joined, an unpublication that there was
 * a track, and each that its room and its participant were there.
 */
export function evidenceOfEvent(told: ToldEvent): Evidence {
  const { type, atMs, receivedAtMs: knownAtMs, room, endReason } = told;
  const mark: Mark = { atMs, how: 'event', knownAtMs };
  return {
    call: {
      ...NO_CALL_EVIDENCE,
      ...seen(mark),
      made: room && room.createdAtMs > 0 ? { ...mark, atMs: room.createdAtMs } : null,
      finished: type === 'room_finished' ? { ...mark, reason: endReason } : null,
    },
    connections: asMap(connectionIn(told, mark)),
    tracks: asMap(tracksIn(told, mark)),
  };
}
