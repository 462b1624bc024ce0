import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { meetingWorkflows } from '../meeting-workflows/meeting-workflows.tables.ts';
import type { WorkflowStep } from '../meeting-workflows/index.ts';
import { summaries } from '../summaries/summaries.tables.ts';
import { transcriptions } from '../transcripts/transcripts.tables.ts';
import { RUN_STATES, type RunStepState } from './workflow-runs.enums.ts';

/** A step of a run in its present state. */
export interface RunStep {
  /** The step, as it was in the workflow when the run began. */
  step: WorkflowStep;
  state: RunStepState;
  /** Why it is in this state: the code of an error, or a word; null when the state is enough. */
  reason: string | null;
  /** Whether the transcript was corrected after it was done. */
  isOutdated: boolean;
  attempts: number;
  /** For all attempts, in millionths of a USD; null when a price was unknown. */
  costMicros: number | null;
  /** For a mail: the recipients for whom the budget of mails was used; null or absent before. */
  mailed?: readonly string[] | null;
  /** The user who confirmed it. */
  confirmedBy: string | null;
  /** The recipients whom they saw; null or absent without a confirmation. */
  confirmedFor?: readonly string[] | null;
  /** ISO 8601; of the newest attempt. */
  startedAt: string | null;
  endedAt: string | null;
}

export const workflowRuns = pgTable(
  'workflow_runs',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** Null once the workflow is deleted. */
    workflowId: id('workflow_id').references(() => meetingWorkflows.id, { onDelete: 'set null' }),
    workflowName: text('workflow_name').notNull(),
    /** The version of the workflow that the run follows. */
    workflowVersion: integer('workflow_version').notNull(),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    /** The person with whose authority it runs. */
    authorId: id('author_id').references(() => users.id, { onDelete: 'set null' }),
    /** Whether the author is a person who made the run continue; otherwise it is the author of the workflow. */
    isByPerson: boolean('is_by_person').notNull().default(false),
    state: enumColumn('state', RUN_STATES).notNull(),
    /** Why it failed or was cancelled, or why it did nothing. */
    reason: text('reason'),
    steps: jsonb('steps').$type<readonly RunStep[]>().notNull(),
    transcriptionId: id('transcription_id').references(() => transcriptions.id, { onDelete: 'set null' }),
    summaryId: id('summary_id').references(() => summaries.id, { onDelete: 'set null' }),
    maxCostMicros: integer('max_cost_micros'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('workflow_runs_workflow_call_key').on(t.workflowId, t.callId),
    index('workflow_runs_organization_id_idx').on(t.organizationId, t.id),
    index('workflow_runs_call_id_idx').on(t.callId),
    index('workflow_runs_room_id_idx').on(t.roomId, t.id),
    index('workflow_runs_author_id_idx').on(t.authorId),
    index('workflow_runs_transcription_id_idx').on(t.transcriptionId),
    index('workflow_runs_summary_id_idx').on(t.summaryId),
    index('workflow_runs_running_idx')
      .on(t.updatedAt)
      .where(sql`${t.endedAt} is null`),
    enumCheck('workflow_runs_state_check', t.state, RUN_STATES),
    check('workflow_runs_ended_check', sql`(${t.state} = 'running') = (${t.endedAt} is null)`),
  ],
);

export type WorkflowRun = typeof workflowRuns.$inferSelect;
