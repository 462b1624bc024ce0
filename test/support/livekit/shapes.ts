import { ParticipantInfo, Room, TrackInfo } from 'livekit-server-sdk';

export type LeaveReason =
  | 'CLIENT_INITIATED'
  | 'DUPLICATE_IDENTITY'
  | 'PARTICIPANT_REMOVED'
  | 'ROOM_DELETED'
  | 'CONNECTION_TIMEOUT'
  | 'SERVER_SHUTDOWN'
  | 'USER_UNAVAILABLE'
  | 'USER_REJECTED'
  | 'SIP_TRUNK_FAILURE'
  | 'UNKNOWN_REASON';

export type WebhookName =
  | 'room_started'
  | 'room_finished'
  | 'participant_joined'
  | 'participant_left'
  | 'track_published'
  | 'track_unpublished';

/** As JSON, without defaults. */
export type EventEntity = Record<string, unknown> & {
  sid?: string;
  name?: string;
  identity?: string;
  source?: string;
  disconnectReason?: string;
};

/** Webhooks in the shape of the real server: camel case, without defaults. */
export interface ClusterEvent {
  event: WebhookName;
  id: string;
  /** Whole seconds, as text. */
  createdAt: string;
  room: EventEntity;
  participant?: EventEntity;
  track?: EventEntity;
}

/** The truth that a ledger must arrive at. Times in milliseconds; null while it lasts. */
export interface ClusterHistory {
  rooms: { sid: string; name: string; startedAtMs: number; endedAtMs: number | null }[];
  connections: {
    sid: string;
    room: string;
    identity: string;
    name: string;
    joinedAtMs: number;
    leftAtMs: number | null;
    reason: LeaveReason | null;
  }[];
  tracks: {
    sid: string;
    room: string;
    connection: string;
    kind: 'AUDIO' | 'VIDEO';
    source: string;
    publishedAtMs: number;
    unpublishedAtMs: number | null;
  }[];
}

export interface RoomSettings {
  emptyTimeout?: number;
  departureTimeout?: number;
  maxParticipants?: number;
  metadata?: string;
}

export interface JoinOptions extends RoomSettings {
  name?: string;
  /** Metadata of the participant; `metadata` is the room's. */
  participantMetadata?: string;
  attributes?: Record<string, string>;
  hidden?: boolean;
  kind?: 'STANDARD' | 'AGENT';
}

export interface PublishOptions {
  source: 'MICROPHONE' | 'CAMERA' | 'SCREEN_SHARE' | 'SCREEN_SHARE_AUDIO';
  name?: string;
}

export interface SimulatedRoom {
  info: Room;
  /** Participants by identity. */
  participants: Map<string, ParticipantInfo>;
  /** When its counts were last updated, which the real server does every few seconds. */
  countedAtMs: number;
}

export interface SentData {
  room: string;
  text: string;
  topic: string;
  to: string[];
}

const CODECS = ['PCMU', 'PCMA', 'opus', 'red']
  .map((name) => `audio/${name}`)
  .concat(['VP8', 'H264', 'VP9', 'AV1', 'H265', 'rtx'].map((name) => `video/${name}`));
const SID_CHARACTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** 12 letters in the form of LiveKit's ids, different for each number. */
function encodeSid(number: number): string {
  let rest = number;
  let text = '';
  while (text.length < 12) {
    text = SID_CHARACTERS.charAt(rest % SID_CHARACTERS.length) + text;
    rest = Math.floor(rest / SID_CHARACTERS.length);
  }
  return text;
}

/** Creates the server's ids: a kind and 12 letters, different each time. */
export function createSidMaker(series: number): (kind: string) => string {
  let made = series * 1_000_000;
  return (kind) => `${kind}${encodeSid(++made)}`;
}

export function roomInfo(sid: string, name: string, nowMs: number, settings: RoomSettings): Room {
  return Room.fromJson({
    sid,
    name,
    emptyTimeout: settings.emptyTimeout || 300,
    departureTimeout: settings.departureTimeout || 20,
    maxParticipants: settings.maxParticipants ?? 0,
    creationTime: String(Math.floor(nowMs / 1000)),
    creationTimeMs: String(nowMs),
    turnPassword: 'of-no-use',
    enabledCodecs: CODECS.map((mime) => ({ mime })),
    metadata: settings.metadata ?? '',
  });
}

export function participantInfo(
  sid: string,
  identity: string,
  nowMs: number,
  options: JoinOptions,
): ParticipantInfo {
  return ParticipantInfo.fromJson({
    sid,
    identity,
    state: 'ACTIVE',
    name: options.name ?? '',
    metadata: options.participantMetadata ?? '',
    attributes: options.attributes ?? {},
    joinedAt: String(Math.floor(nowMs / 1000)),
    joinedAtMs: String(nowMs),
    version: 2,
    kind: options.kind ?? 'STANDARD',
    clientProtocol: 2,
    permission: {
      canSubscribe: true,
      canPublish: true,
      canPublishData: true,
      hidden: options.hidden ?? false,
    },
  });
}

export const isVideo = ({ source }: PublishOptions): boolean =>
  source === 'CAMERA' || source === 'SCREEN_SHARE';

export function trackInfo(sid: string, options: PublishOptions): TrackInfo {
  return TrackInfo.fromJson({
    sid,
    source: options.source,
    name: options.name ?? '',
    stream: 'camera',
    ...(isVideo(options)
      ? { type: 'VIDEO', mimeType: 'video/VP8', width: 320, height: 180 }
      : { type: 'AUDIO', mimeType: 'audio/red' }),
  });
}

/** A participant as in webhooks: without tracks, which have events of their own. */
export function participantEntity(participant: ParticipantInfo, left?: LeaveReason): EventEntity {
  const { tracks: _, ...entity } = participant.toJson() as EventEntity;
  return left ? { ...entity, state: 'DISCONNECTED', disconnectReason: left } : entity;
}
