import { clusterErrors, type ClusterRecording, type RecorderApi } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import { type Bucket, openBucket } from '../buckets/index.ts';
import { recordingBegun } from './recordings.events.ts';
import { changeRecording, type RecordingToAdvance } from './recordings.queries.ts';
import { isRunning, moveTo, type RecordingChange } from './recordings.rules.ts';
import type { Recording } from './recordings.tables.ts';
import { changeByAbsence, changeByHanging, changeByReport, CLAIM_MS, isKeyOf } from './report.rules.ts';

/** The recording as the cluster lists it: by its id there, or by its object when the answer to its start was lost. */
async function findReport(api: RecorderApi, recording: Recording): Promise<ClusterRecording | undefined> {
  const all = await api.list(recording.callId);
  return all.find(
    ({ egressId, keys }) => egressId === recording.egress || keys.some((key) => isKeyOf(recording, key)),
  );
}

/**
 * Reserves the next seconds for one start, so that two runs at the same moment do not both begin the recording.
 * @returns the row as it is then @throws AppError `request.stale` when another has done it, or it was asked to stop
 */
async function claim(ctx: Ctx, recording: Recording): Promise<Recording> {
  const set = { begunAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeRecording(q, recording, set)],
    audit: [],
    // When no recorder is free, or the answer is lost, it is looked at again.
    events: [recordingBegun.of({ recordingId: recording.id }, { availableAtMs: ctx.clock.now() + CLAIM_MS })],
    result: { ...recording, ...set, version: recording.version + 1 },
  });
}

/** @returns null when no recorder is free @throws AppError `clusters.refused` */
async function start(
  ctx: Ctx,
  api: RecorderApi,
  { callId: room, kind, subject, objectKey: key }: Recording,
  bucket: Bucket,
): Promise<ClusterRecording | null> {
  return api.start({ room, kind, subject, key, bucket: await openBucket(ctx, bucket) });
}

/** What is known of a recording after a step, on top of the row that it was decided on. */
export interface RecordingStep {
  recording: Recording;
  change: RecordingChange;
}

async function begin(ctx: Ctx, api: RecorderApi, row: Recording, bucket: Bucket): Promise<RecordingStep> {
  const recording = await claim(ctx, row);
  const nowMs = ctx.clock.now();
  try {
    const begun = await start(ctx, api, recording, bucket);
    if (begun) return { recording, change: changeByReport(recording, begun, nowMs) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== clusterErrors.refused.definition.code) throw error;
    return { recording, change: moveTo(recording, 'failed', 'refused', nowMs) };
  }
  return { recording, change: changeByAbsence(recording, nowMs) };
}

/**
 * Begins a recording that was asked for, unless the cluster has it already or it has been asked to stop.
 * @returns no change while no recorder is free, or another start may be answered yet @throws AppError of the cluster
 */
export async function beginRecording(
  ctx: Ctx,
  api: RecorderApi,
  { recording, bucket }: RecordingToAdvance,
): Promise<RecordingStep> {
  const nowMs = ctx.clock.now();
  const report = await findReport(api, recording);
  if (report) return { recording, change: changeByReport(recording, report, nowMs) };
  const fail = (reason: 'stopped_before_start' | 'bucket_removed' | 'no_recorder'): RecordingStep => ({
    recording,
    change: moveTo(recording, 'failed', reason, nowMs),
  });
  const isClaimed = recording.begunAt !== null && nowMs - recording.begunAt.getTime() < CLAIM_MS;
  if (isClaimed) return { recording, change: {} };
  if (recording.stopRequestedAt) return fail('stopped_before_start');
  if (!bucket) return fail('bucket_removed');
  if (recording.begunAt !== null && changeByAbsence(recording, nowMs).state) return fail('no_recorder');
  return begin(ctx, api, recording, bucket);
}

/** Follows a recording that has begun, and stops it if it was asked to. @throws AppError of the cluster */
export async function followRecording(
  ctx: Ctx,
  api: RecorderApi,
  recording: Recording,
): Promise<RecordingChange> {
  const { stopRequestedAt, egress, state } = recording;
  const nowMs = ctx.clock.now();
  const stopped = stopRequestedAt && egress && isRunning(state) ? await api.stop(egress) : null;
  const report = stopped ?? (await findReport(api, recording));
  if (!report) return changeByAbsence(recording, nowMs);
  const change = changeByReport(recording, report, nowMs);
  return change.state ? change : { ...change, ...changeByHanging(recording, nowMs) };
}
