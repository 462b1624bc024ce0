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

/** An event of a cluster, in the ledger's terms. */
export interface ParsedClusterEvent {
  /** `participant_joined` …; LiveKit's names. */
  type: string;
  /** The cluster's time, in milliseconds since the epoch, rounded down to the second. */
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

/** The connection evidence of an event that names a participant. */
function connectionEvidenceIn(event: ParsedClusterEvent, mark: TimeMark): ConnectionEvidence[] {
  const { participant, type, leaveReason, receivedAtMs: knownAtMs } = event;
  if (!participant?.sid) return [];
  const { sid, identity, name, joinedAtMs, tracks } = participant;
  const end: EndMark<LeaveReason> = { ...mark, reason: leaveReason };
  const aborted = type === 'participant_connection_aborted';
  return [
    {
      ...emptyConnectionEvidence(sid, identity),
      ...presenceSeen(mark),
      name: name === '' ? null : { text: name, atMs: mark.atMs },
      // Track events name their participant by sid and identity only.
      joined: joinedAtMs > 0 ? { atMs: joinedAtMs, how: 'event', knownAtMs } : null,
      left: type === 'participant_left' ? end : null,
      aborted: aborted ? end : null,
      proven: !aborted || tracks.length > 0,
    },
  ];
}

/** The evidence of a track that was seen. */
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
 * All evidence of an event, not only about its subject: a leave says when the participant had joined, an unpublication that
 * there was a track, and each event that its room and its participant were there.
 */
export function evidenceOfEvent(event: ParsedClusterEvent): Evidence {
  const { type, atMs, receivedAtMs: knownAtMs, room, endReason } = event;
  const mark: TimeMark = { atMs, how: 'event', knownAtMs, wholeSeconds: true };
  return {
    call: {
      ...NO_CALL_EVIDENCE,
      ...presenceSeen(mark),
      made: room && room.createdAtMs > 0 ? { atMs: room.createdAtMs, how: 'event', knownAtMs } : null,
      finished: type === 'room_finished' ? { ...mark, reason: endReason } : null,
    },
    connections: bySid(connectionEvidenceIn(event, mark)),
    tracks: bySid(trackEvidenceIn(event, mark)),
  };
}
