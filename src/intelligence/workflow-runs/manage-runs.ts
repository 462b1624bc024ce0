import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, authErrors, requestErrors, requirePermission } from '../../kernel/core/index.ts';
import { findRun, findRunToMail } from './read-runs.ts';
import { repeatedFrom, stepAt, withRest, withStep } from './runs.rules.ts';
import { runErrors } from './workflow-runs.errors.ts';
import { runAdvanced, runEnded } from './workflow-runs.events.ts';
import { changeRun } from './workflow-runs.queries.ts';
import type { RepeatRun, RunIds, SendMail } from './workflow-runs.schemas.ts';
import type { WorkflowRun } from './workflow-runs.tables.ts';

/**
 * The person with whose authority a run continues after their decision.
 * @throws AppError `auth.forbidden` for an API key
 */
function requireAuthor(actor: Actor): string {
  requirePermission(actor, 'transcripts:write');
  if (actor.kind !== 'user')
    throw authErrors.forbidden({ detail: 'needs a person, with whose authority the run continues' });
  return actor.userId;
}

const targetOf = ({ id }: WorkflowRun) => ({ type: 'workflow_run', id });

/** Stores a person's decision about a run, which continues with their authority. */
async function continueRun(
  ctx: Ctx,
  run: WorkflowRun,
  set: Pick<WorkflowRun, 'authorId'> & Partial<WorkflowRun>,
  action: string,
  after: Record<string, unknown>,
): Promise<WorkflowRun> {
  const change = {
    ...set,
    isByPerson: true,
    state: 'running' as const,
    reason: null,
    endedAt: null,
    updatedAt: new Date(ctx.clock.now()),
  };
  return ctx.commit({
    write: (q) => [changeRun(q, run, change)],
    audit: { action, target: targetOf(run), after: { callId: run.callId, ...after } },
    events: [runAdvanced.of({ runId: run.id })],
    result: { ...run, ...change, version: run.version + 1 },
  });
}

/**
 * Repeats a run from a step, with the authority of the caller; new costs are added to the earlier ones.
 * @throws AppError as `findRun`, `workflow_runs.running`, `workflow_runs.nothing_to_repeat`, `auth.forbidden`
 */
export async function repeatRun(ctx: Ctx, ids: RunIds, { from: kind }: RepeatRun): Promise<WorkflowRun> {
  const authorId = requireAuthor(ctx.actor);
  const { run } = await findRun(ctx, ids);
  if (run.state === 'running') throw runErrors.running();
  const from = repeatedFrom(run, kind);
  if (from < 0) throw runErrors.nothingToRepeat();
  const pending = {
    state: 'pending',
    reason: null,
    isOutdated: false,
    mailed: null,
    confirmedBy: null,
    confirmedFor: null,
    startedAt: null,
    endedAt: null,
  } as const;
  const set = {
    authorId,
    steps: withRest(run, from, pending),
    ...(from <= stepAt(run, 'summarize') ? { summaryId: null } : {}),
    ...(from === 0 ? { transcriptionId: null } : {}),
  };
  return continueRun(ctx, run, set, 'workflow_run.repeated', { from: run.steps[from]!.step.kind });
}

/**
 * Sends the drafted mail of a run to its present recipients.
 * @throws AppError as `findRun`, `request.stale` for another draft, `workflow_runs.no_draft`, `workflow_runs.outdated`,
 * `workflow_runs.running`
 */
export async function sendRunMail(ctx: Ctx, ids: RunIds, { version }: SendMail): Promise<WorkflowRun> {
  const authorId = requireAuthor(ctx.actor);
  const { run, recipients } = await findRunToMail(ctx, ids);
  const at = stepAt(run, 'mail');
  const step = run.steps[at];
  if (step?.state !== 'waiting') throw runErrors.noDraft();
  if (run.state === 'running') throw runErrors.running();
  if (step.isOutdated) throw runErrors.outdated();
  if (version !== run.version) throw requestErrors.stale();
  const confirmedFor = recipients.map(({ userId }) => userId);
  const steps = withStep(run, at, { state: 'running', mailed: null, confirmedBy: authorId, confirmedFor });
  return continueRun(ctx, run, { authorId, steps }, 'workflow_run.mail_confirmed', {});
}

/** The change that ends a run before it is done, with its event. */
export function cancellationOf(ctx: Ctx, run: WorkflowRun, reason: string) {
  const now = new Date(ctx.clock.now());
  const steps = run.steps.map((each) =>
    each.state === 'pending' || each.state === 'running'
      ? { ...each, state: 'cancelled' as const, endedAt: now.toISOString() }
      : each,
  );
  const set = { state: 'cancelled' as const, reason, steps, endedAt: now, updatedAt: now };
  const { id: runId, callId, roomId } = run;
  return { set, events: [runEnded.of({ runId, callId, roomId, state: 'cancelled', reason })] };
}

/**
 * Ends a run. A running generation ends by itself, and is counted.
 * @throws AppError as `findRun`, `workflow_runs.not_running`
 */
export async function cancelRun(ctx: Ctx, ids: RunIds): Promise<WorkflowRun> {
  requirePermission(ctx.actor, 'transcripts:write');
  const { run } = await findRun(ctx, ids);
  if (run.state !== 'running') throw runErrors.notRunning();
  const { set, events } = cancellationOf(ctx, run, 'requested');
  return ctx.commit({
    write: (q) => [changeRun(q, run, set)],
    audit: { action: 'workflow_run.cancelled', target: targetOf(run), after: { callId: run.callId } },
    events,
    result: { ...run, ...set, version: run.version + 1 },
  });
}
