import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { RunStep, WorkflowRun } from '../workflow-runs/index.ts';

/** The context of a step. */
export interface StepContext {
  /** With the authority of the run's author. */
  author: Ctx;
  /** The product itself, for the run's own changes. */
  ctx: Ctx;
  run: WorkflowRun;
  at: number;
  current: RunStep;
}

/** The outcome of advancing a step. */
export type StepOutcome =
  /** A later event advances it again; nothing changes. */
  | { to: 'wait' }
  /** The work of the step has stored the run itself. */
  | { to: 'stored' }
  | {
      to: 'done' | 'skipped' | 'waiting';
      reason?: string;
      /** The later steps are skipped as well: without a transcript nothing follows. */
      isEnd?: true;
      set?: Partial<Pick<WorkflowRun, 'transcriptionId' | 'summaryId'>>;
      /** A person's confirmation no longer counts: they have to read it again. */
      isUnconfirmed?: true;
      /** In millionths of a USD; null when a price is unknown. */
      costMicros?: number | null;
      write?(q: Queries): readonly Statement[];
      audit?: AuditEntry;
      events?: readonly DomainEvent[];
    };

/** A failure that the step itself identifies. */
export class StepFailure extends Error {
  override name = 'StepFailure';
  readonly reason: string;
  /** Its cost all the same, in millionths of a USD; null when a price is unknown. */
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
