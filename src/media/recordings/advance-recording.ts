import type { Ctx } from '../../kernel/context/index.ts';
import { deleteAnnouncement } from '../../rooms/recording-consents/index.ts';
import { isNews } from '../egress/index.ts';
import { deleteObject, verifyObject } from './keep-object.ts';
import { beginRecording, followRecording, type RecordingStep } from './record-at-cluster.ts';
import { recordingChanged } from './recordings.events.ts';
import { changeRecording, type RecordingToAdvance, selectRecordingToAdvance } from './recordings.queries.ts';
import {
  changeByConsent,
  isExpired,
  isGone,
  isOver,
  isRunning,
  type RecordingChange,
  stopReasonOf,
  waitsForConsent,
} from './recordings.rules.ts';
import type { Recording } from './recordings.tables.ts';

/** Payload of the event of a change. */
export const changeEventOf = ({ id, roomId, callId, state, reason }: Recording) =>
  recordingChanged.of({ recordingId: id, roomId, callId, state, reason });

/** The request to stop that follows from the call, the room, the organization and its plan. */
function stopByGround(row: RecordingToAdvance, now: Date): RecordingChange {
  const { recording } = row;
  const reason = stopReasonOf(row);
  if (!reason || recording.stopRequestedAt || !isRunning(recording.state)) return {};
  // A recording that has not begun fails instead.
  if (reason === 'consent_missing' && waitsForConsent(recording)) return {};
  return { stopRequestedAt: now, stopReason: reason };
}

async function advanceOpen(ctx: Ctx, row: RecordingToAdvance): Promise<RecordingStep> {
  const nowMs = ctx.clock.now();
  const stop = stopByGround(row, new Date(nowMs));
  const asked = { ...row.recording, ...stop };
  const isWaiting = waitsForConsent(asked) && !asked.stopRequestedAt;
  const consent = isWaiting ? changeByConsent(asked, row, nowMs) : {};
  if (isWaiting && !consent.agreedAt) return { recording: asked, change: consent };
  const recording = { ...asked, ...consent };
  const api = ctx.ports.clusters.recorders(recording.cluster, ctx.trace);
  const step =
    recording.state === 'requested'
      ? await beginRecording(ctx, api, { ...row, recording })
      : { recording, change: await followRecording(ctx, api, recording) };
  return { recording: step.recording, change: { ...stop, ...consent, ...step.change } };
}

async function findStep(ctx: Ctx, row: RecordingToAdvance): Promise<RecordingStep> {
  const { recording } = row;
  const now = new Date(ctx.clock.now());
  if (recording.deleteRequestedAt) return { recording, change: await deleteObject(ctx, row) };
  if (isExpired(recording, now.getTime()))
    return { recording, change: { deleteRequestedAt: now, deletionCause: 'expired' } };
  if (isOver(recording.state)) return { recording, change: {} };
  return recording.state === 'verifying' ? verifyObject(ctx, row) : advanceOpen(ctx, row);
}

/** The audit entries of a change: of the request to stop or to delete that no person made, and of the move. */
function auditOf(recording: Recording, change: RecordingChange) {
  const target = { type: 'room', id: recording.roomId } as const;
  const { id: recordingId, state } = recording;
  const entries = [];
  if (change.stopReason)
    entries.push({ action: 'recording.stopped', target, after: { recordingId, reason: change.stopReason } });
  if (change.deletionCause)
    entries.push({
      action: 'recording.deleted',
      target,
      before: { recordingId, state },
      after: { reason: 'expired' },
    });
  if (change.state)
    entries.push({
      action: `recording.${change.state}`,
      target,
      before: { recordingId, state },
      after: { recordingId, state: change.state, reason: change.reason ?? null },
    });
  return entries;
}

/**
 * Advances a recording as far as possible now, from what the cluster lists and the bucket has: begins it, stops it,
 * follows it, verifies its object, deletes it. It may run at any time and twice.
 * @returns whether anything changed
 * @throws AppError of the cluster or the bucket, `request.stale`
 */
export async function advanceRecording(ctx: Ctx, recordingId: string): Promise<boolean> {
  const readAt = new Date(ctx.clock.now());
  const [[row]] = await ctx.read((q) => [
    selectRecordingToAdvance(q, ctx.organizationId, recordingId, readAt),
  ]);
  if (!row || isGone(row.recording.state)) return false;
  const { recording, change } = await findStep(ctx, row);
  if (!isNews(recording, change)) return false;
  const changed = { ...recording, ...change };
  const isPublic = changed.state !== row.recording.state || change.stopReason || change.deletionCause;
  await ctx.commit({
    write: (q) => [
      changeRecording(q, recording, { ...change, updatedAt: new Date(ctx.clock.now()) }),
      ...(isRunning(changed.state) ? [] : [deleteAnnouncement(q, ctx.organizationId, recordingId)]),
    ],
    audit: auditOf(row.recording, change),
    events: isPublic ? [changeEventOf(changed)] : [],
    result: undefined,
  });
  return true;
}
