import type { ClusterRecording } from '../../calls/clusters/index.ts';
import type { RecordingObject } from '../recording-objects/index.ts';
import type { RecordingReason, RecordingState } from './recordings.enums.ts';
import { isOver, moveTo, type RecordingChange } from './recordings.rules.ts';
import type { Recording } from './recordings.tables.ts';

/** How long the bucket may fail to answer, and how long it may refuse, before the recording has failed. */
export const UNVERIFIED_MS = 24 * 3_600_000;
export const REFUSED_MS = 3_600_000;
/** How long the bytes of an object may be read for its checksum: as long as a subscriber has. */
const CHECKSUM_MS = 30_000;
/** How long that is tried: reading that is cut off each time must not keep the recording from being ready. */
const CHECKSUM_TRIES_MS = 10 * 60_000;
/** By how much the reported duration and that of the file may differ. */
const DURATION_TOLERANCE_MS = 5_000;

const OUTCOMES: Readonly<
  Record<ClusterRecording['status'], { state: RecordingState; reason: RecordingReason | null }>
> = {
  starting: { state: 'starting', reason: null },
  active: { state: 'active', reason: null },
  ending: { state: 'finalizing', reason: null },
  complete: { state: 'verifying', reason: null },
  limit_reached: { state: 'verifying', reason: 'limit_reached' },
  failed: { state: 'failed', reason: 'recorder_failed' },
  aborted: { state: 'failed', reason: 'recorder_aborted' },
};

const toDate = (ms: number | null) => (ms === null ? null : new Date(ms));

/** Whether a key that a cluster reports is of the recording's object. */
export const isKeyOf = ({ id }: Pick<Recording, 'id'>, key: string): boolean => key.includes(id);

/** The ids of recordings of the product in the keys that a cluster reports; recordings of others have none. */
export const recordingIdsIn = ({ keys }: Pick<ClusterRecording, 'keys'>): string[] => [
  ...new Set(keys.flatMap((key) => /rec_[a-z0-9]{26}/.exec(key) ?? [])),
];

/** The key of the object as it was written: that of a track has an extension that was not asked for. */
const writtenKey = ({ objectKey }: Recording, { keys }: ClusterRecording): string =>
  keys.findLast((key) => key.startsWith(objectKey)) ?? objectKey;

/** The end of a recording by its report: without a file it has failed. */
function outcomeOf({ status, file }: ClusterRecording) {
  const outcome = OUTCOMES[status];
  return outcome.state === 'verifying' && file === null
    ? ({ state: 'failed', reason: 'no_file' } as const)
    : outcome;
}

/**
 * The changes that follow from a report of the cluster. Reports come late, twice and in any order, and an ended
 * recording is reported once more as ending: a recording never moves back.
 */
export function changeByReport(
  recording: Recording,
  report: ClusterRecording,
  nowMs: number,
): RecordingChange {
  if (isOver(recording.state)) return {};
  const { state, reason } = outcomeOf(report);
  // A recorder names its file from the beginning, with a size of 0 until it has ended.
  const file = state === 'verifying' ? report.file : null;
  return {
    ...moveTo(recording, state, reason, nowMs),
    egress: report.egressId,
    objectKey: writtenKey(recording, report),
    sizeBytes: file?.sizeBytes ?? recording.sizeBytes,
    durationMs: file?.durationMs ?? recording.durationMs,
    startedAt: recording.startedAt ?? toDate(report.startedAtMs),
    endedAt: recording.endedAt ?? toDate(report.endedAtMs),
    listedAt: new Date(nowMs),
  };
}

/** Whether another run reads the bytes at this moment. */
export const isChecksumBegun = ({ checksumBegunAt }: Recording, nowMs: number): boolean =>
  checksumBegunAt !== null && nowMs - checksumBegunAt.getTime() < CHECKSUM_MS;

/** Whether the bytes were begun to be read and are read no more for the checksum. */
export const isChecksumGivenUp = ({ checksumBegunAt, stateAt }: Recording, nowMs: number): boolean =>
  checksumBegunAt !== null && nowMs - stateAt.getTime() >= CHECKSUM_TRIES_MS;

/**
 * The changes that the stored object means for a recording under verification.
 * @param stored null when there is none
 */
export function changeByObject(
  recording: Recording,
  stored: RecordingObject | null,
  nowMs: number,
): RecordingChange {
  const { sizeBytes, durationMs, startedAt, endedAt, reason } = recording;
  const fail = (why: RecordingReason) => moveTo(recording, 'failed', why, nowMs);
  if (stored === null) return fail('object_missing');
  if (stored.sizeBytes === 0 || stored.sizeBytes !== sizeBytes) return fail('size_differs');
  const lastedMs = startedAt && endedAt ? endedAt.getTime() - startedAt.getTime() : null;
  const isPlausible =
    durationMs !== null &&
    durationMs > 0 &&
    (lastedMs === null || durationMs <= lastedMs + DURATION_TOLERANCE_MS);
  if (!isPlausible) return fail('duration_differs');
  const { etag, checksum } = stored;
  const storedBytes = recording.storage === 'product' ? stored.sizeBytes : 0;
  return { ...moveTo(recording, 'ready', reason, nowMs), etag, checksum, storedBytes };
}
