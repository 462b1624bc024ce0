import type { ClusterParticipant, ClusterRoom, ClusterTrack } from '../clusters/index.ts';
import {
  type ConnectionEvidence,
  emptyConnectionEvidence,
  type EndMark,
  type Evidence,
  type TimeMark,
  NO_CALL_EVIDENCE,
  presenceSeen,
  type TrackEvidence,
} from './evidence.rules.ts';
import type { EndReason, LeaveReason } from './ledger.enums.ts';

/** A cluster's event, in our words. */
export interface ParsedClusterEvent {
  /** `participant_joined` …; LiveKit's names. */
  type: string;
  /** The cluster's time, in whole seconds; milliseconds since the epoch. */
  atMs: number;
  receivedAtMs: number;
  room: Pick<ClusterRoom, 'createdAtMs'> | null;
  endReason: EndReason | null;
  participant: Omit<ClusterParticipant, 'state'> | null;
  leaveReason: LeaveReason | null;
  track: ClusterTrack | null;
}

const bySid = <T extends { sid: string }>(values: readonly T[]): ReadonlyMap<string, T> =>
  new Map(values.map((value) => [value.sid, value]));

/** What an event that names a participant says of their connection. */
function connectionEvidenceIn(event: ParsedClusterEvent, mark: TimeMark): ConnectionEvidence[] {
  const { participant, type, leaveReason } = event;
  if (!participant?.sid) return [];
  const { sid, identity, name, joinedAtMs, tracks } = participant;
  const end: EndMark<LeaveReason> = { ...mark, reason: leaveReason };
  const aborted = type === 'participant_connection_aborted';
  return [
    {
      ...emptyConnectionEvidence(sid, identity),
      ...presenceSeen(mark),
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
export const trackEvidence = (
  { sid, kind, source, muted }: ClusterTrack,
  connectionSid: string,
  first: TimeMark,
  lastMs = first.atMs,
): TrackEvidence => ({
  ...presenceSeen(first, lastMs),
  sid,
  connectionSid,
  about: { kind, source, muted, atMs: lastMs },
  published: null,
  unpublished: null,
});

function trackEvidenceIn({ participant, track, type }: ParsedClusterEvent, mark: TimeMark): TrackEvidence[] {
  if (!participant?.sid) return [];
  const listed = participant.tracks.map((each) => trackEvidence(each, participant.sid, mark));
  if (!track?.sid) return listed;
  return [
    ...listed.filter(({ sid }) => sid !== track.sid),
    {
      ...trackEvidence(track, participant.sid, mark),
      published: type === 'track_published' ? mark : null,
      unpublished: type === 'track_unpublished' ? mark : null,
    },
  ];
}

/**
 * What an event says, not only of what it is about: a leave tells when they had joined, an unpublication that there was
 * a track, and each that its room and its participant were there.
 */
export function evidenceOfEvent(event: ParsedClusterEvent): Evidence {
  const { type, atMs, receivedAtMs: knownAtMs, room, endReason } = event;
  const mark: TimeMark = { atMs, how: 'event', knownAtMs };
  return {
    call: {
      ...NO_CALL_EVIDENCE,
      ...presenceSeen(mark),
      made: room && room.createdAtMs > 0 ? { ...mark, atMs: room.createdAtMs } : null,
      finished: type === 'room_finished' ? { ...mark, reason: endReason } : null,
    },
    connections: bySid(connectionEvidenceIn(event, mark)),
    tracks: bySid(trackEvidenceIn(event, mark)),
  };
}
