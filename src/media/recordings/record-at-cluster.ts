import type { ClusterRecording, RecorderApi } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { markAnnouncementAgreed } from '../../rooms/recording-consents/index.ts';
import { CLAIM_MS } from '../cluster-rows/index.ts';
import { beginEgress, type EgressDriver, followEgress } from '../egress/index.ts';
import { openStoreForRecorder, productBucketOf } from '../recording-objects/index.ts';
import { recordingBegun } from './recordings.events.ts';
import { changeRecording, mustHaveConsent, type RecordingToAdvance } from './recordings.queries.ts';
import { isRunning, moveTo, type RecordingChange } from './recordings.rules.ts';
import type { Recording } from './recordings.tables.ts';
import { changeByReport, isKeyOf } from './report.rules.ts';

/** The recording as the cluster lists it: by its id there, or by its object when the answer to its start was lost. */
async function findReport(api: RecorderApi, recording: Recording): Promise<ClusterRecording | undefined> {
  const all = await api.list(recording.callId);
  return all.find(
    ({ egressId, keys }) => egressId === recording.egress || keys.some((key) => isKeyOf(recording, key)),
  );
}

/**
 * Reserves the next seconds for one start, so that two runs at the same moment do not both begin the recording.
 * @returns the row as it is then
 * @throws AppError `request.stale` when another has done it, it was asked to stop, or somebody without consent is in the call
 */
async function claim(ctx: Ctx, recording: Recording): Promise<Recording> {
  const { organizationId, id, agreedAt, stateAt } = recording;
  const now = new Date(ctx.clock.now());
  const set = { begunAt: now, agreedAt, stateAt };
  return ctx.commit({
    write: (q) => [
      // Once it has begun, people without consent are kept out.
      ...(recording.begunAt === null ? [mustHaveConsent(q, recording, now)] : []),
      changeRecording(q, recording, set),
      ...(agreedAt ? [markAnnouncementAgreed(q, organizationId, id, agreedAt)] : []),
    ],
    // When no recorder is free, or the answer is lost, the next run decides.
    events: [recordingBegun.of({ recordingId: recording.id }, { availableAtMs: ctx.clock.now() + CLAIM_MS })],
    result: { ...recording, ...set, version: recording.version + 1 },
  });
}

const createDriver = (
  ctx: Ctx,
  api: RecorderApi,
  { recording, bucket }: Pick<RecordingToAdvance, 'recording' | 'bucket'>,
): EgressDriver<Recording, ClusterRecording> => ({
  find: () => findReport(api, recording),
  claim: () => claim(ctx, recording),
  start: async ({ callId: room, kind, subject, storage, objectKey: key }) => {
    const access = await openStoreForRecorder(ctx, { storage, bucket }, key);
    return api.start({ room, kind, subject, key, bucket: access! });
  },
  stop: (egressId) => api.stop(egressId),
  changeByReport: (row, report) => changeByReport(row, report, ctx.clock.now()),
  changeByEnd: (row, { state, reason }) => moveTo(row, state, reason, ctx.clock.now()),
});

/** Changes of a recording after a step, on top of the row that the step was decided on. */
export interface RecordingStep {
  recording: Recording;
  change: RecordingChange;
}

/** Why a recording cannot begin that could when it was asked for. */
function obstacleOf(ctx: Ctx, { recording, bucket }: RecordingToAdvance): RecordingChange | null {
  const nowMs = ctx.clock.now();
  if (recording.storage === 'product')
    return productBucketOf(ctx.config) ? null : moveTo(recording, 'failed', 'no_storage', nowMs);
  return bucket ? null : moveTo(recording, 'failed', 'bucket_removed', nowMs);
}

/** Begins a recording that was asked for. @throws what `beginEgress` throws */
export async function beginRecording(
  ctx: Ctx,
  api: RecorderApi,
  found: RecordingToAdvance,
): Promise<RecordingStep> {
  const { row, change } = await beginEgress<Recording, ClusterRecording>(
    createDriver(ctx, api, found),
    found.recording,
    { nowMs: ctx.clock.now(), obstacle: obstacleOf(ctx, found) },
  );
  return { recording: row, change };
}

/** Follows a recording that has begun, and stops it if it was asked to. @throws AppError of the cluster */
export const followRecording = (ctx: Ctx, api: RecorderApi, recording: Recording): Promise<RecordingChange> =>
  followEgress<Recording, ClusterRecording>(createDriver(ctx, api, { recording, bucket: null }), recording, {
    nowMs: ctx.clock.now(),
    mayRun: isRunning(recording.state),
  });
