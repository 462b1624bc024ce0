import { clusterErrors, type ClusterRecording, type RecorderApi } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, serverErrors } from '../../kernel/core/index.ts';
import { type Bucket, openBucket, sendToBucket } from '../buckets/index.ts';
import { changeRecording, type RecordingToAdvance, selectRecordingToAdvance } from './recordings.queries.ts';
import {
  changeByAbsence,
  changeByObject,
  changeByReport,
  isOver,
  moveTo,
  type RecordingChange,
  UNVERIFIED_MS,
} from './recordings.rules.ts';
import type { Recording } from './recordings.tables.ts';
import { changeEventOf } from './start-recording.ts';

/** The recording as the cluster lists it: by its id there, or by the object that it writes when the answer to its start was lost. */
async function findReport(api: RecorderApi, { callId, egress, objectKey }: Recording) {
  const all = await api.list(callId);
  return all.find(({ egressId, keys }) => egressId === egress || keys.includes(objectKey));
}

/** Begins the recording at the cluster. @returns null when no recorder is free */
async function begin(
  ctx: Ctx,
  api: RecorderApi,
  { callId: room, kind, objectKey: key }: Recording,
  bucket: Bucket,
): Promise<ClusterRecording | null> {
  return api.start({ room, kind, key, bucket: await openBucket(ctx, bucket) });
}

async function changeOfRequested(
  ctx: Ctx,
  api: RecorderApi,
  { recording, bucket, callStatus }: RecordingToAdvance,
): Promise<RecordingChange> {
  const nowMs = ctx.clock.now();
  const listed = await findReport(api, recording);
  if (listed) return changeByReport(recording, listed, nowMs);
  if (recording.stopRequestedAt) return moveTo(recording, 'failed', 'stopped_before_start', nowMs);
  if (callStatus !== 'active') return moveTo(recording, 'failed', 'call_ended', nowMs);
  if (!bucket) return moveTo(recording, 'failed', 'bucket_removed', nowMs);
  try {
    const begun = await begin(ctx, api, recording, bucket);
    if (begun) return changeByReport(recording, begun, nowMs);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== clusterErrors.refused.definition.code) throw error;
    return moveTo(recording, 'failed', 'refused', nowMs);
  }
  const change = changeByAbsence(recording, nowMs);
  if (change.state) return change;
  throw serverErrors.unavailable({ detail: 'no recorder of the cluster is free' });
}

async function changeOfRunning(ctx: Ctx, api: RecorderApi, recording: Recording): Promise<RecordingChange> {
  const nowMs = ctx.clock.now();
  const mayStop = recording.stopRequestedAt !== null && recording.egress !== null;
  const stopped =
    mayStop && ['starting', 'active'].includes(recording.state) ? await api.stop(recording.egress!) : null;
  const report = stopped ?? (await findReport(api, recording));
  return report ? changeByReport(recording, report, nowMs) : changeByAbsence(recording, nowMs);
}

/** Size of the stored object; null when there is none. @throws AppError `server.unavailable` when the bucket does not say */
async function storedBytes(ctx: Ctx, bucket: Bucket, key: string): Promise<number | null> {
  const { status, headers } = await sendToBucket(ctx, await openBucket(ctx, bucket), { method: 'HEAD', key });
  if (status === 404) return null;
  if (status === 200) return Number(headers.get('content-length') ?? Number.NaN);
  throw serverErrors.unavailable({ detail: `the bucket answered ${status}` });
}

async function changeOfVerifying(
  ctx: Ctx,
  { recording, bucket }: RecordingToAdvance,
): Promise<RecordingChange> {
  const nowMs = ctx.clock.now();
  if (!bucket) return moveTo(recording, 'failed', 'bucket_removed', nowMs);
  try {
    return changeByObject(recording, await storedBytes(ctx, bucket, recording.objectKey), nowMs);
  } catch (error) {
    if (nowMs - recording.stateAt.getTime() < UNVERIFIED_MS) throw error;
    return moveTo(recording, 'failed', 'not_verified', nowMs);
  }
}

/** Deletes the object; one that is not there is deleted. @throws AppError `server.unavailable` when the bucket does not */
async function changeOfDeleted(
  ctx: Ctx,
  { recording, bucket }: RecordingToAdvance,
): Promise<RecordingChange> {
  if (bucket) {
    const { status } = await sendToBucket(ctx, await openBucket(ctx, bucket), {
      method: 'DELETE',
      key: recording.objectKey,
    });
    if (status >= 300 && status !== 404)
      throw serverErrors.unavailable({ detail: `the bucket answered ${status}` });
  }
  return moveTo(recording, 'deleted', null, ctx.clock.now());
}

function findChange(ctx: Ctx, row: RecordingToAdvance): Promise<RecordingChange> {
  const { recording } = row;
  if (recording.deleteRequestedAt) return changeOfDeleted(ctx, row);
  if (recording.state === 'verifying') return changeOfVerifying(ctx, row);
  const api = ctx.ports.clusters.recorders(recording.cluster, ctx.trace);
  return recording.state === 'requested'
    ? changeOfRequested(ctx, api, row)
    : changeOfRunning(ctx, api, recording);
}

/**
 * Takes a recording as far as it can go now, by what the cluster lists and the bucket has: begins it, stops it, follows it,
 * verifies its object, deletes it. It may run at any time and twice.
 * @returns whether anything changed
 * @throws AppError of the cluster or the bucket, `request.stale`
 */
export async function advanceRecording(ctx: Ctx, recordingId: string): Promise<boolean> {
  const [[row]] = await ctx.read((q) => [selectRecordingToAdvance(q, ctx.organizationId, recordingId)]);
  if (!row || row.recording.state === 'deleted') return false;
  const { recording } = row;
  if (isOver(recording.state) && !recording.deleteRequestedAt) return false;
  const change = await findChange(ctx, row);
  if (Object.keys(change).length === 0) return false;
  const changed = { ...recording, ...change };
  const hasMoved = changed.state !== recording.state;
  await ctx.commit({
    write: (q) => [changeRecording(q, recording, { ...change, updatedAt: new Date(ctx.clock.now()) })],
    audit: hasMoved
      ? {
          action: `recording.${changed.state}`,
          target: { type: 'room', id: recording.roomId },
          before: { recordingId, state: recording.state },
          after: { recordingId, state: changed.state, reason: changed.reason },
        }
      : [],
    events: hasMoved ? [changeEventOf(changed)] : [],
    result: undefined,
  });
  return true;
}
