import { entitlementErrors, holdFeature } from '../../identity/entitlements/index.ts';
import { selectVisibleRoom } from '../../rooms/access/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  AppError,
  hasStatus,
  isError,
  isRefusal,
  isStale,
  PermanentFailure,
} from '../../kernel/core/index.ts';
import { asMember } from '../ask-authority/index.ts';
import {
  changeRun,
  currentStep,
  type RunStep,
  selectWorkflowRun,
  withStep,
  type WorkflowRun,
} from '../workflow-runs/index.ts';
import { type StepContext, StepFailure, type StepOutcome } from './step-outcome.ts';
import { mailMembers } from './mail-members.ts';
import { mayContinue } from './may-continue.ts';
import { postSummary } from './post-summary.ts';
import { rememberOutcomes } from './remember-outcomes.ts';
import { showChapters } from './show-chapters.ts';
import { summarizeCall } from './summarize-call.ts';
import { storeOutcomes } from './store-outcomes.ts';
import { cancel, storeFailure, storeOutcome } from './store-steps.ts';
import { takeTranscript } from './take-transcript.ts';

/** A delivery is repeated for a passing failure; its last attempts are reserved for failures to store. */
const PATIENT_ATTEMPTS = 5;
/** A recording or a transcript that does not exist after this time will not come. */
const PATIENCE_MS = 24 * 3_600_000;

function work(context: StepContext): Promise<StepOutcome> {
  const { step } = context.current;
  switch (step.kind) {
    case 'transcribe':
      return takeTranscript(context, step);
    case 'summarize':
      return summarizeCall(context, step);
    case 'outcomes':
      return storeOutcomes(context, step);
    case 'chapters':
      return showChapters(context, step);
    case 'mail':
      return mailMembers(context, step);
    case 'remember':
      return rememberOutcomes(context, step);
    case 'post':
      return postSummary(context, step);
  }
}

/** Decides how to handle a failure of a step. @throws the error, if it may pass and retries are left */
async function settleFailure(context: StepContext, error: unknown, attempt: number): Promise<void> {
  const { ctx, run } = context;
  if (error instanceof StepFailure) return storeFailure(context, error.reason, error.costMicros);
  if (isStale(error)) throw error;
  if (isError(error, entitlementErrors.featureNotIncluded)) return cancel(ctx, run, 'plan');
  if (hasStatus(error, 401, 403)) return cancel(ctx, run, 'access_ended');
  if (isRefusal(error) && error.status !== 429) return storeFailure(context, error.code, 0);
  if (error instanceof PermanentFailure) return storeFailure(context, 'refused', 0);
  if (attempt < PATIENT_ATTEMPTS) throw error;
  ctx.log.error('workflow_runs.step_failed', { runId: run.id, step: context.current.step.kind, error });
  return storeFailure(context, error instanceof AppError ? error.code : 'unavailable', 0);
}

/** Stores that a step begins, so that everybody can see it. The plan must still include it. */
async function begin(ctx: Ctx, run: WorkflowRun, at: number): Promise<WorkflowRun> {
  const current = run.steps[at]!;
  if (current.state === 'running') return run;
  const now = new Date(ctx.clock.now());
  const begun: Partial<RunStep> = {
    state: 'running',
    attempts: current.attempts + 1,
    startedAt: now.toISOString(),
  };
  const set = { steps: withStep(run, at, begun), updatedAt: now };
  const { organizationId } = ctx;
  await ctx.commit({
    write: (q) => [
      changeRun(q, run, set),
      holdFeature(q, { organizationId, now, feature: 'meeting_workflows' }),
    ],
    result: undefined,
  });
  return { ...run, ...set, version: run.version + 1 };
}

const isTooLate = ({ ctx, current }: StepContext) =>
  ctx.clock.now() - Date.parse(current.startedAt!) > PATIENCE_MS;

/** Why a run may not continue; null while it may. */
async function endOf(ctx: Ctx, run: WorkflowRun, author: Ctx | null): Promise<string | null> {
  const [[room]] = await ctx.read((q) => [selectVisibleRoom(q, ctx.organizationId, run.roomId, null)]);
  if (!room) return 'room_deleted';
  return author && (await mayContinue(author, run)) ? null : 'access_ended';
}

/** Does one step. @returns whether another one may follow at once */
async function advanceOnce(ctx: Ctx, runId: string, attempt: number): Promise<boolean> {
  const [[found]] = await ctx.read((q) => [selectWorkflowRun(q, ctx.organizationId, runId)]);
  if (found?.state !== 'running') return false;
  const author = await asMember(ctx, found.authorId);
  const end = await endOf(ctx, found, author);
  if (end !== null) {
    await cancel(ctx, found, end);
    return false;
  }
  const at = currentStep(found);
  const contextOf = (run: WorkflowRun): StepContext => ({
    ctx,
    author: author!,
    run,
    at,
    current: run.steps[at]!,
  });
  let context = contextOf(found);
  try {
    context = contextOf(await begin(ctx, found, at));
    const outcome = await work(context);
    if (outcome.to === 'stored') return false;
    if (outcome.to === 'wait') {
      if (isTooLate(context)) await storeFailure(context, 'too_late', 0);
      return false;
    }
    await storeOutcome(context, outcome);
    return true;
  } catch (error) {
    await settleFailure(context, error, attempt);
    return false;
  }
}

/**
 * Takes a run as far as possible now. It may be called at any time, and twice: each step is stored before and after it
 * is done.
 */
export async function advanceRun(ctx: Ctx, runId: string, attempt = 1): Promise<void> {
  while (await advanceOnce(ctx, runId, attempt));
}
