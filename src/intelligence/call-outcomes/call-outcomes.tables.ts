import { date, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, id } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import type { Citation } from '../summaries/index.ts';
import { transcriptions } from '../transcripts/transcripts.tables.ts';
import { workflowRuns } from '../workflow-runs/workflow-runs.tables.ts';
import { OUTCOME_KINDS } from './call-outcomes.enums.ts';

export const callOutcomes = pgTable(
  'call_outcomes',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    runId: id('run_id')
      .notNull()
      .references(() => workflowRuns.id, { onDelete: 'cascade' }),
    /** The transcript that it cites, and with which it is deleted. */
    transcriptionId: id('transcription_id')
      .notNull()
      .references(() => transcriptions.id, { onDelete: 'cascade' }),
    kind: enumColumn('kind', OUTCOME_KINDS).notNull(),
    text: text('text').notNull(),
    /** As the transcript names them; null for a decision, and when no person is named. */
    owner: text('owner'),
    /** In the words of the transcript. */
    due: text('due'),
    dueOn: date('due_on'),
    /** Where it was said: never empty. */
    citations: jsonb('citations').$type<readonly Citation[]>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('call_outcomes_organization_id_idx').on(t.organizationId, t.id),
    index('call_outcomes_room_id_idx').on(t.roomId, t.id),
    index('call_outcomes_call_id_idx').on(t.callId),
    index('call_outcomes_run_id_idx').on(t.runId),
    index('call_outcomes_transcription_id_idx').on(t.transcriptionId),
    enumCheck('call_outcomes_kind_check', t.kind, OUTCOME_KINDS),
  ],
);

export type CallOutcome = typeof callOutcomes.$inferSelect;
