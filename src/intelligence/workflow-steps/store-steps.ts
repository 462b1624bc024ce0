import type { Ctx } from '../../kernel/context/index.ts';
import {
  addCost,
  cancellationOf,
  changeRun,
  currentStep,
  runEnded,
  withRest,
  withStep,
  type WorkflowRun,
} from '../workflow-runs/index.ts';
import type { StepContext, StepOutcome } from './step-outcome.ts';

type EndedOutcome = Extract<StepOutcome, { to: 'done' | 'skipped' | 'waiting' }>;

/** Stores the outcome of a step; the last step ends the run. */
export async function storeOutcome(
  { ctx, run, at, current }: StepContext,
  outcome: EndedOutcome,
): Promise<void> {
  const now = new Date(ctx.clock.now());
  const {
    to: state,
    reason = null,
    costMicros = 0,
    isEnd,
    isUnconfirmed,
    set,
    write,
    audit,
    events = [],
  } = outcome;
  const ended = {
    state,
    reason,
    costMicros: addCost(current, costMicros),
    endedAt: state === 'waiting' ? null : now.toISOString(),
    ...(isUnconfirmed ? { confirmedBy: null } : {}),
  };
  const changed = { steps: withStep(run, at, ended) };
  const steps = isEnd ? withRest(changed, at + 1, { state: 'skipped', reason }) : changed.steps;
  const isOver = currentStep({ steps }) < 0;
  const end = isOver ? { state: 'done' as const, reason: isEnd ? reason : null, endedAt: now } : {};
  const { id: runId, callId, roomId } = run;
  await ctx.commit({
    write: (q) => [changeRun(q, run, { ...set, ...end, steps, updatedAt: now }), ...(write?.(q) ?? [])],
    ...(audit ? { audit } : {}),
    events: [
      ...events,
      ...(isOver
        ? [runEnded.of({ runId, callId, roomId, state: 'done', reason: isEnd ? reason : null })]
        : []),
    ],
    result: undefined,
  });
}

/** Ends a run at a failed step; a person may repeat it. */
export async function storeFailure(
  { ctx, run, at, current }: StepContext,
  reason: string,
  cost: number | null,
) {
  const now = new Date(ctx.clock.now());
  const steps = withStep(run, at, {
    state: 'failed',
    reason,
    costMicros: addCost(current, cost),
    endedAt: now.toISOString(),
  });
  const { id: runId, callId, roomId } = run;
  await ctx.commit({
    write: (q) => [changeRun(q, run, { steps, state: 'failed', reason, endedAt: now, updatedAt: now })],
    events: [runEnded.of({ runId, callId, roomId, state: 'failed', reason })],
    result: undefined,
  });
}

/** Ends a run that may not continue. */
export async function cancel(ctx: Ctx, run: WorkflowRun, reason: string): Promise<void> {
  const { set, events } = cancellationOf(ctx, run, reason);
  await ctx.commit({ write: (q) => [changeRun(q, run, set)], events, result: undefined });
}
