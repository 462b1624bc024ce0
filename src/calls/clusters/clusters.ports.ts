import type { WebhookEvent } from 'livekit-server-sdk';
import type { BreakerState, Trace } from '../../kernel/core/index.ts';
import type { TrackKind, TrackSource } from './clusters.enums.ts';

/** What a cluster says of a track; times are milliseconds since the epoch everywhere here. */
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
  /** What they may do; absent when the cluster did not say. */
  grants?: Omit<MediaGrants, 'agent'>;
}

export interface ClusterRoom {
  /** A call's id, when the room is one of ours. */
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
  /** What may be published; absent for everything. */
  sources?: readonly TrackSource[];
}

export interface JoinTokenRequest {
  /** The LiveKit room: the call's id. */
  room: string;
  identity: string;
  name: string;
  /** Readable by everyone in the call. */
  attributes: Record<string, string>;
  grants: MediaGrants;
  /** How the cluster makes the room, when this participant is the first to connect. */
  configuration: {
    emptyTimeoutSeconds: number;
    departureTimeoutSeconds: number;
    metadata: string;
  };
  ttlSeconds: number;
}

/**
 * A cluster's room service. Each call is bounded in time, goes through the cluster's breaker, and is repeated when it
 * may pass. What is gone already is no failure: removing, ending and muting answer whether there was something to do.
 * @throws AppError `clusters.unavailable`, `clusters.refused` or `server.unavailable` while the breaker is open
 */
export interface MediaApi {
  listRooms(names?: readonly string[]): Promise<ClusterRoom[]>;
  /** Empty when there is no such room. */
  listParticipants(room: string): Promise<ClusterParticipant[]>;
  deleteRoom(room: string): Promise<boolean>;
  /** Also makes the tokens worthless that the identity got before. */
  removeParticipant(room: string, identity: string): Promise<boolean>;
  muteTrack(room: string, identity: string, trackSid: string, muted: boolean): Promise<boolean>;
  updateParticipant(
    room: string,
    identity: string,
    change: { name?: string; attributes?: Record<string, string>; grants?: MediaGrants },
  ): Promise<boolean>;
  /** To everyone in the room, or to the identities; never repeated by itself. */
  sendData(
    room: string,
    data: Uint8Array,
    to: { topic?: string; identities?: readonly string[] },
  ): Promise<void>;
}

/** The LiveKit clusters that calls may be held on. */
export interface Clusters {
  readonly names: readonly string[];
  /**
   * The cluster for a call whose first participant is on the continent; null for an unknown place.
   * @throws AppError `clusters.not_configured`
   */
  chooseCluster(continent: string | null): string;
  /** Where clients of the cluster connect, `wss://…`. @throws AppError `clusters.not_configured` */
  clientUrl(cluster: string): string;
  signJoinToken(cluster: string, join: JoinTokenRequest): Promise<string>;
  api(cluster: string, trace?: Trace): MediaApi;
  /**
   * The event in a webhook's body, and the cluster that signed it.
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
