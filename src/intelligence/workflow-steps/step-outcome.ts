import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { RunStep, WorkflowRun } from '../workflow-runs/index.ts';

/** What a step works with. */
export interface StepContext {
  /** With the authority of the run's author. */
  author: Ctx;
  /** The product itself, for what is the run's ctx. */
  ctx: Ctx;
  run: WorkflowRun;
  at: number;
  current: RunStep;
}

/** What came of looking at a step. */
export type StepOutcome =
  /** An event will have it looked at again; nothing changes. */
  | { to: 'wait' }
  /** The work of the step has stored the run itself. */
  | { to: 'stored' }
  | {
      to: 'done' | 'skipped' | 'waiting';
      reason?: string;
      /** What is skipped with it: without a transcript nothing follows. */
      isEnd?: true;
      set?: Partial<Pick<WorkflowRun, 'transcriptionId' | 'summaryId'>>;
      /** The confirmation of a person counts no more: they have to read it again. */
      isUnconfirmed?: true;
      /** In millionths of a USD; null where a price is not known. */
      costMicros?: number | null;
      write?(q: Queries): readonly Statement[];
      audit?: AuditEntry;
      events?: readonly DomainEvent[];
    };

/** A failure that the step itself names. */
export class StepFailure extends Error {
  override name = 'StepFailure';
  readonly reason: string;
  /** What it has cost all the same, in millionths of a USD; null where a price is not known. */
  readonly costMicros: number | null;
  constructor(reason: string, { costMicros = 0 }: { costMicros?: number | null } = {}) {
    super(reason);
    this.reason = reason;
    this.costMicros = costMicros;
  }
}

export type StepWork<K extends RunStep['step']['kind']> = (
  context: StepContext,
  step: Extract<RunStep['step'], { kind: K }>,
) => Promise<StepOutcome>;
