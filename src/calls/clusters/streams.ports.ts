import type { CLUSTER_RECORDING_STATUSES, RecordingRequest } from './clusters.ports.ts';

/** One address that a stream is sent to, as a cluster reports it. */
export interface ClusterTarget {
  /** Of `rtmp` and `rtmps` without most of the stream key, `{abc...xyz}`; of `srt` the whole. */
  url: string;
  status: 'active' | 'finished' | 'failed';
  startedAtMs: number | null;
  endedAtMs: number | null;
}

/** The segments that a stream has written. */
export interface ClusterSegments {
  count: number;
  sizeBytes: number;
  durationMs: number;
}

/** A live stream as a cluster reports it. */
export interface ClusterStream {
  egressId: string;
  /** The LiveKit room: the call's id. */
  room: string;
  status: (typeof CLUSTER_RECORDING_STATUSES)[number];
  /** The requested layout, with the label. */
  layout: string;
  /** In the order in which they were added; an address that was added again is there again. */
  targets: ClusterTarget[];
  segments: ClusterSegments | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
}

export interface StreamRequest {
  /** The LiveKit room: the call's id. */
  room: string;
  layout: 'grid' | 'speaker' | 'single-speaker';
  /** Marks the stream, so that it is found in the list: letters, digits and `_`. */
  label: string;
  urls: readonly string[];
  /** Where segments are written, if they are. */
  segments: {
    /** Folder in the bucket, which ends with `/`. */
    folder: string;
    segmentSeconds: number;
    bucket: RecordingRequest['bucket'];
  } | null;
}

/**
 * A cluster's recorders, as senders of live streams. Each request has a time limit and goes through the cluster's breaker.
 * @throws AppError `clusters.unavailable`, `clusters.refused` or `server.unavailable` while the breaker is open
 */
export interface StreamerApi {
  /**
   * Starts a stream. Not repeated on failure: when its answer is lost, `list` shows whether it began.
   * @returns null when no recorder of the cluster is free, or the room does not exist
   */
  start(stream: StreamRequest): Promise<ClusterStream | null>;
  /** Adds an address to a stream that runs, or takes one away. Not repeated on failure. @returns null when it has ended */
  changeTargets(
    egressId: string,
    change: { add: readonly string[]; remove: readonly string[] },
  ): Promise<ClusterStream | null>;
  /** @returns null when it has ended already, never was, or its worker does not answer */
  stop(egressId: string): Promise<ClusterStream | null>;
  /**
   * The egresses of a room that the cluster still knows, also those that have ended.
   * @param room null for those of all rooms that have not ended
   */
  list(room: string | null): Promise<ClusterStream[]>;
}
