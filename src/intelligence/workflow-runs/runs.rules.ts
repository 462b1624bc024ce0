import type { StepKind, WorkflowStep } from '../meeting-workflows/index.ts';
import type { RunStep, WorkflowRun } from './workflow-runs.tables.ts';

/** The steps of a run that has not begun. */
export const stepsOf = (steps: readonly WorkflowStep[]): RunStep[] =>
  steps.map((step) => ({
    step,
    state: 'pending',
    reason: null,
    isOutdated: false,
    attempts: 0,
    costMicros: 0,
    confirmedBy: null,
    startedAt: null,
    endedAt: null,
  }));

/** The current step; -1 when all are done. */
export const currentStep = ({ steps }: Pick<WorkflowRun, 'steps'>): number =>
  steps.findIndex(({ state }) => state === 'pending' || state === 'running');

export const stepAt = ({ steps }: Pick<WorkflowRun, 'steps'>, kind: StepKind): number =>
  steps.findIndex(({ step }) => step.kind === kind);

/** The steps with one of them changed. */
export const withStep = (
  { steps }: Pick<WorkflowRun, 'steps'>,
  at: number,
  set: Partial<RunStep>,
): readonly RunStep[] => steps.map((each, index) => (index === at ? { ...each, ...set } : each));

/** The steps from one on, in another state. */
export const withRest = (
  { steps }: Pick<WorkflowRun, 'steps'>,
  from: number,
  set: Partial<RunStep>,
): readonly RunStep[] => steps.map((each, index) => (index < from ? each : { ...each, ...set }));

/** The cost of a run, in millionths of a USD; null when that of a step is unknown. */
export function spentMicros({ steps }: Pick<WorkflowRun, 'steps'>): number | null {
  let sum = 0;
  for (const { costMicros } of steps) {
    if (costMicros === null) return null;
    sum += costMicros;
  }
  return sum;
}

/** The rest of the most that a run may cost; null without such a limit. An unknown cost may have used all of it. */
export function leftMicros(run: Pick<WorkflowRun, 'steps' | 'maxCostMicros'>): number | null {
  if (run.maxCostMicros === null) return null;
  const spent = spentMicros(run);
  return spent === null ? 0 : Math.max(0, run.maxCostMicros - spent);
}

/** The cost of a step after another attempt. */
export const addCost = ({ costMicros }: RunStep, more: number | null): number | null =>
  costMicros === null || more === null ? null : costMicros + more;

/** The steps after a correction of the transcript: steps that are based on the summary are outdated. */
export const afterCorrection = ({
  steps,
  summaryId,
}: Pick<WorkflowRun, 'steps' | 'summaryId'>): readonly RunStep[] =>
  steps.map((each) =>
    summaryId === null || each.step.kind === 'transcribe' ? each : { ...each, isOutdated: true },
  );

/**
 * The step from which a run is repeated: the one that is named, or the first that did not succeed or is outdated.
 * @returns -1 when there is none
 */
export function repeatedFrom(run: Pick<WorkflowRun, 'steps'>, kind: StepKind | undefined): number {
  if (kind !== undefined) return stepAt(run, kind);
  return run.steps.findIndex(
    ({ state, isOutdated }) => isOutdated || (state !== 'done' && state !== 'waiting' && state !== 'skipped'),
  );
}
