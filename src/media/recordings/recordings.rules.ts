import type { ClusterRecording } from '../../calls/clusters/index.ts';
import type { RecordingReason, RecordingState } from './recordings.enums.ts';
import type { Recording } from './recordings.tables.ts';

/** How far a recording is: it never goes back. All states in which it is over are equally far, but for `deleted`. */
const RANK: Readonly<Record<RecordingState, number>> = {
  requested: 0,
  starting: 1,
  active: 2,
  finalizing: 3,
  verifying: 4,
  ready: 5,
  failed: 5,
  lost: 5,
  deleted: 6,
};

/** A cluster that does not list a recording for so long has lost it. */
export const UNLISTED_MS = 120_000;
/** So long a recording may wait for a recorder. */
export const UNSTARTED_MS = 60_000;
/** So long the bucket may fail to answer. */
export const UNVERIFIED_MS = 24 * 3_600_000;
/** What a recorder reports and what it wrote may differ by so much in duration. */
const DURATION_TOLERANCE_MS = 5_000;

export const isOver = (state: RecordingState): boolean => RANK[state] >= RANK.ready;

/** What changes of a recording. */
export type RecordingChange = Partial<
  Pick<
    Recording,
    | 'state'
    | 'reason'
    | 'egress'
    | 'sizeBytes'
    | 'durationMs'
    | 'startedAt'
    | 'endedAt'
    | 'stateAt'
    | 'listedAt'
  >
>;

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

/** Moves to a state, unless that is where the recording is or has been. */
export function moveTo(
  { state: from }: Pick<Recording, 'state'>,
  state: RecordingState,
  reason: RecordingReason | null,
  nowMs: number,
): RecordingChange {
  return RANK[state] > RANK[from] ? { state, reason, stateAt: new Date(nowMs) } : {};
}

const toDate = (ms: number | null) => (ms === null ? null : new Date(ms));

/**
 * What a cluster's report changes. Reports come late, twice and in any order, and an ended recording is once more reported as
 * ending: nothing of that moves it back.
 */
export function changeByReport(
  recording: Recording,
  report: ClusterRecording,
  nowMs: number,
): RecordingChange {
  if (isOver(recording.state)) return {};
  const outcome = OUTCOMES[report.status];
  const { state, reason } =
    outcome.state === 'verifying' && report.file === null
      ? ({ state: 'failed', reason: 'no_file' } as const)
      : outcome;
  return {
    ...moveTo(recording, state, reason, nowMs),
    egress: report.egressId,
    sizeBytes: report.file?.sizeBytes ?? recording.sizeBytes,
    durationMs: report.file?.durationMs ?? recording.durationMs,
    startedAt: recording.startedAt ?? toDate(report.startedAtMs),
    endedAt: recording.endedAt ?? toDate(report.endedAtMs),
    listedAt: new Date(nowMs),
  };
}

/** What it changes that the cluster's list does not have a recording: after a time it is lost, or was never begun. */
export function changeByAbsence(recording: Recording, nowMs: number): RecordingChange {
  const { state, stateAt, listedAt } = recording;
  if (isOver(state) || state === 'verifying') return {};
  if (state === 'requested')
    return nowMs - stateAt.getTime() >= UNSTARTED_MS ? moveTo(recording, 'failed', 'no_recorder', nowMs) : {};
  const seenMs = (listedAt ?? stateAt).getTime();
  return nowMs - seenMs >= UNLISTED_MS ? moveTo(recording, 'lost', 'not_listed', nowMs) : {};
}

/**
 * What the stored object changes of a recording that is verified.
 * @param storedBytes size of the object; null when there is none
 */
export function changeByObject(
  recording: Recording,
  storedBytes: number | null,
  nowMs: number,
): RecordingChange {
  const { sizeBytes, durationMs, startedAt, endedAt, reason } = recording;
  const fail = (why: RecordingReason) => moveTo(recording, 'failed', why, nowMs);
  if (storedBytes === null) return fail('object_missing');
  if (storedBytes === 0 || storedBytes !== sizeBytes) return fail('size_differs');
  const lastedMs = startedAt && endedAt ? endedAt.getTime() - startedAt.getTime() : null;
  const isPlausible =
    durationMs !== null &&
    durationMs > 0 &&
    (lastedMs === null || durationMs <= lastedMs + DURATION_TOLERANCE_MS);
  return isPlausible ? moveTo(recording, 'ready', reason, nowMs) : fail('duration_differs');
}
