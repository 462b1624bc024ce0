import type { ParticipantInfo, ParticipantPermission, Room, TrackInfo } from 'livekit-server-sdk';
import { cutText } from '../../kernel/core/index.ts';
import { TRACK_KINDS } from './clusters.enums.ts';
import type { ClusterParticipant, ClusterRoom, ClusterTrack } from './clusters.ports.ts';

const SOURCES = ['unknown', 'camera', 'microphone', 'screen_share', 'screen_share_audio'] as const;
const STATES = ['joining', 'joined', 'active', 'disconnected'] as const;

/**
 * LiveKit sends a time in seconds and, in newer versions, in milliseconds beside it (0 when absent). Both are 64-bit numbers,
 * so the result may be no time at all: `dropOddTimes` of the ledger bounds it.
 */
export const toMilliseconds = (ms: bigint, seconds: bigint): number => Number(ms) || Number(seconds) * 1000;

/** More than ids and names have; an index refuses a text of some thousand characters. */
const MAX_TEXT_LENGTH = 512;

/** Removes what Postgres cannot store: one such text would make the whole commit fail. */
export const toStorableText = (text: string): string =>
  cutText(text.replaceAll('\u0000', ''), MAX_TEXT_LENGTH).toWellFormed();

export function toClusterTrack({ sid, type, source, muted }: TrackInfo): ClusterTrack {
  return {
    sid: toStorableText(sid),
    kind: TRACK_KINDS[type] ?? 'data',
    source: SOURCES[source] ?? 'unknown',
    muted,
  };
}

/** LiveKit means every source by an empty list. */
function toMediaGrants(permission: ParticipantPermission): NonNullable<ClusterParticipant['grants']> {
  const { canPublish: publish, canSubscribe: subscribe, canPublishData: data, hidden } = permission;
  const sources = permission.canPublishSources.map((source) => SOURCES[source] ?? 'unknown');
  return { publish, subscribe, data, hidden, ...(sources.length === 0 ? {} : { sources }) };
}

export function toClusterParticipant(info: ParticipantInfo): ClusterParticipant {
  return {
    sid: toStorableText(info.sid),
    identity: toStorableText(info.identity),
    name: toStorableText(info.name),
    state: STATES[info.state] ?? 'disconnected',
    joinedAtMs: toMilliseconds(info.joinedAtMs, info.joinedAt),
    tracks: info.tracks.map(toClusterTrack),
    ...(info.permission ? { grants: toMediaGrants(info.permission) } : {}),
  };
}

export function toClusterRoom(room: Room): ClusterRoom {
  return {
    name: room.name,
    sid: room.sid,
    createdAtMs: toMilliseconds(room.creationTimeMs, room.creationTime),
    participants: room.numParticipants,
  };
}
