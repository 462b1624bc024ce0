import type { Ctx } from '../../kernel/context/index.ts';
import {
  type MeetingWorkflow,
  selectWorkflowsToRun,
  type WorkflowTrigger,
} from '../meeting-workflows/index.ts';
import { insertRun, runAdvanced, stepsOf, type WorkflowRun } from '../workflow-runs/index.ts';

/** The event for which a run begins. */
export interface RunSubject {
  trigger: WorkflowTrigger;
  roomId: string;
  callId: string;
  /** The transcript, if that is the trigger. */
  transcriptionId: string | null;
}

function runOf(
  ctx: Ctx,
  workflow: MeetingWorkflow,
  { roomId, callId, transcriptionId }: RunSubject,
): WorkflowRun {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('workflowRun'),
    organizationId: ctx.organizationId,
    workflowId: workflow.id,
    workflowName: workflow.name,
    workflowVersion: workflow.version,
    callId,
    roomId,
    authorId: workflow.authorId,
    isByPerson: false,
    state: 'running',
    reason: null,
    steps: stepsOf(workflow.steps),
    transcriptionId,
    summaryId: null,
    maxCostMicros: workflow.maxCostMicros,
    createdAt: now,
    updatedAt: now,
    endedAt: null,
    version: 1,
  };
}

/**
 * Begins a run of each workflow that the event concerns. A workflow that already has a run of this call begins none,
 * however often the event comes.
 */
export async function beginRuns(ctx: Ctx, subject: RunSubject): Promise<void> {
  const [workflows] = await ctx.read((q) => [selectWorkflowsToRun(q, ctx.organizationId, subject)]);
  if (workflows.length === 0) return;
  const runs = workflows.map((workflow) => runOf(ctx, workflow, subject));
  await ctx.commit({
    write: (q) => runs.map((run) => insertRun(q, run)),
    // A run that was not inserted has nothing to do when its event comes.
    events: runs.map(({ id: runId }) => runAdvanced.of({ runId })),
    result: undefined,
  });
}
