import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, enumCheck, enumColumn, id, updatedAt, version } from '../../kernel/db/index.ts';
import { WORKFLOW_TRIGGERS } from './meeting-workflows.enums.ts';
import type { WorkflowStep } from './meeting-workflows.schemas.ts';

export const meetingWorkflows = pgTable(
  'meeting_workflows',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    enabled: boolean('enabled').notNull(),
    trigger: enumColumn('trigger', WORKFLOW_TRIGGERS).notNull(),
    /** Null for all rooms; some may no longer exist. */
    roomIds: jsonb('room_ids').$type<readonly string[]>(),
    steps: jsonb('steps').$type<readonly WorkflowStep[]>().notNull(),
    /** Null for no limit. */
    maxCostMicros: integer('max_cost_micros'),
    /** The person who changed it last: it runs with their authority. */
    authorId: id('author_id').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('meeting_workflows_organization_id_idx').on(t.organizationId, t.id),
    index('meeting_workflows_author_id_idx').on(t.authorId),
    enumCheck('meeting_workflows_trigger_check', t.trigger, WORKFLOW_TRIGGERS),
  ],
);

export type MeetingWorkflow = typeof meetingWorkflows.$inferSelect;
