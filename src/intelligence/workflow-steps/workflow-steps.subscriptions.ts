import { callEnded } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { isStored, recordingChanged } from '../../media/recordings/index.ts';
import { roomDeleted } from '../../rooms/rooms/index.ts';
import { summaryFinished } from '../summaries/index.ts';
import { transcriptCorrected, transcriptionFinished } from '../transcripts/index.ts';
import {
  afterCorrection,
  changeRun,
  runAdvanced,
  selectCallOfTranscription,
  selectRunningOfCall,
  selectRunningOfRoom,
  selectRunsOfSummary,
  selectRunsOfTranscription,
  type WorkflowRun,
} from '../workflow-runs/index.ts';
import { advanceRun } from './advance-run.ts';
import { beginRuns } from './begin-runs.ts';

/** Wakes runs, each by an event of its own, so that one that fails does not delay the others. */
async function wake(ctx: Ctx, runs: readonly WorkflowRun[]): Promise<void> {
  if (runs.length === 0) return;
  const events = runs.map(({ id: runId }) => runAdvanced.of({ runId }));
  await ctx.commit({ write: () => [], events, result: undefined });
}

async function wakeOfCall(ctx: Ctx, callId: string): Promise<void> {
  const [runs] = await ctx.read((q) => [selectRunningOfCall(q, ctx.organizationId, callId)]);
  await wake(ctx, runs);
}

/**
 * Marks what is based on a transcript from before its correction as outdated. A run that changes meanwhile is read
 * again by the next attempt.
 */
async function markOutdated(ctx: Ctx, transcriptionId: string): Promise<void> {
  const [runs] = await ctx.read((q) => [selectRunsOfTranscription(q, ctx.organizationId, transcriptionId)]);
  const made = runs.filter(({ summaryId }) => summaryId !== null);
  if (made.length === 0) return;
  const updatedAt = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => made.map((run) => changeRun(q, run, { steps: afterCorrection(run), updatedAt })),
    result: undefined,
  });
}

export const workflowStepSubscriptions: readonly Subscription[] = [
  subscribe(callEnded, 'workflow-steps.begin', (ctx, { callId, roomId }) =>
    beginRuns(ctx, { trigger: 'call_ended', callId, roomId, transcriptionId: null }),
  ),
  subscribe(recordingChanged, 'workflow-steps.follow-recording', async (ctx, { callId, roomId, state }) => {
    if (isStored(state))
      await beginRuns(ctx, { trigger: 'recording_ready', callId, roomId, transcriptionId: null });
    await wakeOfCall(ctx, callId);
  }),
  subscribe(
    transcriptionFinished,
    'workflow-steps.follow-transcript',
    async (ctx, { transcriptionId, state }) => {
      const [[call]] = await ctx.read((q) => [
        selectCallOfTranscription(q, ctx.organizationId, transcriptionId),
      ]);
      if (!call) return;
      if (state === 'ready')
        await beginRuns(ctx, { trigger: 'transcript_finished', ...call, transcriptionId });
      await wakeOfCall(ctx, call.callId);
    },
  ),
  subscribe(summaryFinished, 'workflow-steps.follow-summary', async (ctx, { summaryId }) => {
    const [runs] = await ctx.read((q) => [selectRunsOfSummary(q, ctx.organizationId, summaryId)]);
    await wake(ctx, runs);
  }),
  subscribe(transcriptCorrected, 'workflow-steps.mark-outdated', (ctx, { transcriptionId }) =>
    markOutdated(ctx, transcriptionId),
  ),
  subscribe(roomDeleted, 'workflow-steps.follow-room', async (ctx, { roomId }) => {
    const [runs] = await ctx.read((q) => [selectRunningOfRoom(q, ctx.organizationId, roomId)]);
    await wake(ctx, runs);
  }),
  subscribe(runAdvanced, 'workflow-steps.advance', (ctx, { runId }, { attempt }) =>
    advanceRun(ctx, runId, attempt),
  ),
];
