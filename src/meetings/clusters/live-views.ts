import type { ParticipantInfo, ParticipantPermission, Room, TrackInfo } from 'livekit-server-sdk';
import { type LiveParticipant, type LiveRoom, type LiveTrack, TRACK_KINDS } from './clusters.ports.ts';

const SOURCES = ['unknown', 'camera', 'microphone', 'screen_share', 'screen_share_audio'] as const;
const STATES = ['joining', 'joined', 'active', 'disconnected'] as const;

/** Milliseconds, from the field that has them, else from the one that has seconds. */
const milliseconds = (ms: bigint, seconds: bigint): number => Number(ms) || Number(seconds) * 1000;

/** Text of a cluster's as a database takes it: one that does not would hold up all that comes with it. */
export const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();

export function trackView({ sid, type, source, muted }: TrackInfo): LiveTrack {
  return {
    sid: storable(sid),
    kind: TRACK_KINDS[type] ?? 'data',
    source: SOURCES[source] ?? 'unknown',
    muted,
  };
}

/** An empty list of sources is every source. */
function grantsView(permission: ParticipantPermission): NonNullable<LiveParticipant['grants']> {
  const { canPublish: publish, canSubscribe: subscribe, canPublishData: data, hidden } = permission;
  const sources = permission.canPublishSources.map((source) => SOURCES[source] ?? 'unknown');
  return { publish, subscribe, data, hidden, ...(sources.length === 0 ? {} : { sources }) };
}

export function participantView(info: ParticipantInfo): LiveParticipant {
  return {
    sid: storable(info.sid),
    identity: storable(info.identity),
    name: storable(info.name),
    state: STATES[info.state] ?? 'disconnected',
    joinedAtMs: milliseconds(info.joinedAtMs, info.joinedAt),
    tracks: info.tracks.map(trackView),
    ...(info.permission ? { grants: grantsView(info.permission) } : {}),
  };
}

export function roomView(room: Room): LiveRoom {
  return {
    name: room.name,
    sid: room.sid,
    createdAtMs: milliseconds(room.creationTimeMs, room.creationTime),
    participants: room.numParticipants,
  };
}
