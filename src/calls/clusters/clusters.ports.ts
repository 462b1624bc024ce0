import type { WebhookEvent } from 'livekit-server-sdk';
import type { BreakerState, Trace } from '../../kernel/core/index.ts';
import type { TrackKind, TrackSource } from './clusters.enums.ts';
import type { IngressApi } from './ingresses.ports.ts';
import type { CallInApi, PhoneApi } from './phones.ports.ts';
import type { StreamerApi } from './streams.ports.ts';

/** A track as a cluster reports it. All times in this file are milliseconds since the epoch. */
export interface ClusterTrack {
  sid: string;
  kind: TrackKind;
  source: TrackSource;
  muted: boolean;
}

/** One connection of a participant, as a cluster lists it. */
export interface ClusterParticipant {
  sid: string;
  identity: string;
  name: string;
  state: 'joining' | 'joined' | 'active' | 'disconnected';
  joinedAtMs: number;
  tracks: ClusterTrack[];
  /** Absent when the cluster did not report them. */
  grants?: Omit<MediaGrants, 'agent'>;
}

export interface ClusterRoom {
  /** The call's id for a room of this product. */
  name: string;
  sid: string;
  createdAtMs: number;
  participants: number;
}

/** What a participant may do with media. */
export interface MediaGrants {
  publish: boolean;
  subscribe: boolean;
  data: boolean;
  hidden: boolean;
  agent: boolean;
  /** The sources that may be published; absent for all. */
  sources?: readonly TrackSource[];
}

export interface JoinTokenRequest {
  /** The LiveKit room: the call's id. */
  room: string;
  identity: string;
  name: string;
  /** Visible to everyone in the call. */
  attributes: Record<string, string>;
  grants: MediaGrants;
  /** Settings with which the cluster creates the room when this participant connects first. */
  configuration: {
    emptyTimeoutSeconds: number;
    departureTimeoutSeconds: number;
    metadata: string;
  };
  ttlSeconds: number;
}

/**
 * A cluster's room service. Each request has a time limit, goes through the cluster's breaker, and is repeated on a
 * temporary failure. A room or participant that is already gone is no failure: removing, ending and muting return whether
 * there was anything to do.
 * @throws AppError `clusters.unavailable`, `clusters.refused` or `server.unavailable` while the breaker is open
 */
export interface MediaApi {
  listRooms(names?: readonly string[]): Promise<ClusterRoom[]>;
  /** Empty when there is no such room. */
  listParticipants(room: string): Promise<ClusterParticipant[]>;
  deleteRoom(room: string): Promise<boolean>;
  /** Also revokes the tokens that the identity got before. */
  removeParticipant(room: string, identity: string): Promise<boolean>;
  muteTrack(room: string, identity: string, trackSid: string, muted: boolean): Promise<boolean>;
  updateParticipant(
    room: string,
    identity: string,
    change: { name?: string; attributes?: Record<string, string>; grants?: MediaGrants },
  ): Promise<boolean>;
  /** Sends to everyone in the room, or to the identities. Not repeated on failure. */
  sendData(
    room: string,
    data: Uint8Array,
    to: { topic?: string; identities?: readonly string[] },
  ): Promise<void>;
}

export const CLUSTER_RECORDING_STATUSES = [
  'starting',
  'active',
  'ending',
  'complete',
  'failed',
  'aborted',
  'limit_reached',
] as const;

/** A recording as a cluster reports it. */
export interface ClusterRecording {
  egressId: string;
  /** The LiveKit room: the call's id. */
  room: string;
  status: (typeof CLUSTER_RECORDING_STATUSES)[number];
  /** Keys of the objects that it was asked to write, and that it says it wrote. */
  keys: string[];
  /** Null before its file is written. */
  file: { sizeBytes: number; durationMs: number } | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
}

export interface RecordingRequest {
  /** The LiveKit room: the call's id. */
  room: string;
  kind: 'composite' | 'audio' | 'participant' | 'track';
  /** The identity or the track that is recorded; empty for the whole call. */
  subject: string;
  /** Key of the object that is written; for a track it gets the extension of its type. */
  key: string;
  bucket: {
    endpoint: string;
    region: string;
    bucket: string;
    pathStyle: boolean;
    accessKeyId: string;
    secretAccessKey: string;
  };
}

/**
 * A cluster's recorders. Each request has a time limit and goes through the cluster's breaker.
 * @throws AppError `clusters.unavailable`, `clusters.refused` or `server.unavailable` while the breaker is open
 */
export interface RecorderApi {
  /**
   * Starts a recording. Not repeated on failure: when its answer is lost, `list` shows whether it began.
   * @returns null when no recorder of the cluster is free, or the room does not exist
   */
  start(recording: RecordingRequest): Promise<ClusterRecording | null>;
  /** @returns null when it has ended already, never was, or its worker does not answer */
  stop(egressId: string): Promise<ClusterRecording | null>;
  /**
   * The recordings of a room that the cluster still knows, also those that have ended.
   * @param room null for those of all rooms that have not ended
   */
  list(room: string | null): Promise<ClusterRecording[]>;
}

/** The LiveKit clusters that calls may be held on. */
export interface Clusters {
  readonly names: readonly string[];
  /**
   * The name of the cluster for a call whose first participant is on the continent, two letters; null when unknown.
   * @throws AppError `clusters.not_configured`
   */
  chooseCluster(continent: string | null): string;
  /** Address at which clients connect, `wss://…`. @throws AppError `clusters.not_configured` */
  clientUrl(cluster: string): string;
  signJoinToken(cluster: string, join: JoinTokenRequest): Promise<string>;
  api(cluster: string, trace?: Trace): MediaApi;
  recorders(cluster: string, trace?: Trace): RecorderApi;
  streamers(cluster: string, trace?: Trace): StreamerApi;
  ingresses(cluster: string, trace?: Trace): IngressApi;
  phones(cluster: string, trace?: Trace): PhoneApi;
  callIns(cluster: string, trace?: Trace): CallInApi;
  /**
   * Verifies a webhook. @returns the event in its body, and the cluster that signed it
   * @throws AppError `clusters.bad_signature`
   */
  verifyWebhook(body: string, authorization: string): Promise<{ cluster: string; event: WebhookEvent }>;
  breakerState(cluster: string): BreakerState;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    clusters: Clusters;
  }
}
