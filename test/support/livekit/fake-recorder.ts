import {
  type ClusterRecording,
  clusterErrors,
  type RecorderApi,
  type RecordingRequest,
} from '../../../src/calls/clusters/index.ts';
import type { ObjectStore } from '../../../src/platform/objects/index.ts';
import { createBucketExample } from '../../../src/media/buckets/buckets.schemas.ts';
import type { StorageStandIn } from '../storage/stand-in.ts';

/** How the recorders of a cluster misbehave. */
export type RecorderFault =
  /** No recorder is free. */
  | 'busy'
  | 'refuses'
  /** Begins, and its answer is lost. */
  | 'loses_answer'
  | 'unreachable';

/** The recorders of a cluster without media: tests say what happens to a recording, and what it writes. */
export class FakeRecorder implements RecorderApi {
  fault: RecorderFault | null = null;
  readonly recordings: ClusterRecording[] = [];
  /** Where it was asked to write. */
  readonly buckets: RecordingRequest['bucket'][] = [];
  /** The methods called. */
  readonly calls: string[] = [];
  readonly #storage: StorageStandIn;
  readonly #now: () => number;

  constructor(storage: StorageStandIn, now: () => number) {
    this.#storage = storage;
    this.#now = now;
  }

  readonly start: RecorderApi['start'] = async ({ room, key, bucket }) => {
    this.#enter('start');
    this.buckets.push(bucket);
    if (this.fault === 'busy') return null;
    if (this.fault === 'refuses') throw clusterErrors.refused();
    const recording: ClusterRecording = {
      egressId: `EG_${room}_${this.recordings.length}`,
      room,
      status: 'starting',
      keys: [key],
      // Named from its beginning, without a size until it has ended.
      file: { sizeBytes: 0, durationMs: 0 },
      startedAtMs: this.#now(),
      endedAtMs: null,
    };
    this.recordings.push(recording);
    if (this.fault === 'loses_answer') throw clusterErrors.unavailable();
    return recording;
  };

  readonly stop: RecorderApi['stop'] = async (egressId) => {
    this.#enter('stop');
    const recording = this.recordings.find((each) => each.egressId === egressId);
    if (!recording || recording.endedAtMs !== null) return null;
    recording.status = 'ending';
    return { ...recording };
  };

  readonly list: RecorderApi['list'] = async (room) => {
    this.#enter('list');
    const isAsked = (each: ClusterRecording) =>
      room === null ? each.endedAtMs === null : each.room === room;
    return this.recordings.filter(isAsked).map((each) => ({ ...each }));
  };

  /** Ends the newest recording after the time: its object is in the bucket, unless `written` is null, and reported with `bytes`. */
  complete({
    seconds = 60,
    bytes = 1_000,
    written = bytes,
  }: { seconds?: number; bytes?: number; written?: number | null } = {}) {
    const recording = this.recordings.at(-1)!;
    const path = `${createBucketExample.bucket}/${recording.keys[0]}`;
    if (written !== null) this.#storage.objects.set(path, new Uint8Array(written));
    Object.assign(recording, {
      status: 'complete',
      file: { sizeBytes: bytes, durationMs: seconds * 1000 },
      endedAtMs: recording.startedAtMs! + seconds * 1000,
    });
  }

  /** The same for a recording in the storage of the product. @param written null for no object */
  async completeInProduct(
    objects: ObjectStore,
    { seconds = 60, written = 'm'.repeat(1_000) }: { seconds?: number; written?: string | null } = {},
  ): Promise<void> {
    const key = this.recordings.at(-1)!.keys[0]!;
    if (written !== null) await objects.put(key, written, { contentType: 'video/mp4' });
    this.complete({ seconds, written: null });
  }

  #enter(method: string): void {
    this.calls.push(method);
    if (this.fault === 'unreachable') throw clusterErrors.unavailable();
  }
}
