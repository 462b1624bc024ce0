import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { REPORT_FORMATS } from '../reports/index.ts';
import { reports } from '../reports/reports.tables.ts';
import { PAUSE_REASONS, RUN_OUTCOMES, SCHEDULE_STATUSES } from './report-schedules.enums.ts';

/** When reports run automatically; a report has at most one schedule. */
export const reportSchedules = pgTable(
  'report_schedules',
  {
    reportId: id('report_id')
      .primaryKey()
      .references(() => reports.id, { onDelete: 'cascade' }),
    organizationId: tenant(),
    cron: text('cron').notNull(),
    timeZone: text('time_zone').notNull(),
    /** Null for the format of the report. */
    format: enumColumn('format', REPORT_FORMATS),
    /** In whose name it runs: the user who set it last. Null once the user is deleted. */
    ownerId: id('owner_id').references(() => users.id, { onDelete: 'set null' }),
    status: enumColumn('status', SCHEDULE_STATUSES).notNull(),
    pauseReason: enumColumn('pause_reason', PAUSE_REASONS),
    /** Null while it is paused, and when there is no further date. */
    nextRunAt: utcTimestamp('next_run_at'),
    /** The operation whose end was not noted yet. */
    runningOperationId: text('running_operation'),
    lastRunAt: utcTimestamp('last_run_at'),
    lastOperationId: text('last_operation'),
    lastOutcome: enumColumn('last_outcome', RUN_OUTCOMES),
    /** Failed runs since the last one that succeeded. */
    failures: integer('failures').notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('report_schedules_organization_id_idx').on(t.organizationId),
    index('report_schedules_owner_id_idx').on(t.ownerId),
    index('report_schedules_next_run_at_idx')
      .on(t.nextRunAt)
      .where(sql`${t.nextRunAt} is not null`),
    index('report_schedules_running_idx')
      .on(t.reportId)
      .where(sql`${t.runningOperationId} is not null`),
    enumCheck('report_schedules_format_check', t.format, REPORT_FORMATS),
    enumCheck('report_schedules_status_check', t.status, SCHEDULE_STATUSES),
    enumCheck('report_schedules_pause_reason_check', t.pauseReason, PAUSE_REASONS),
    enumCheck('report_schedules_last_outcome_check', t.lastOutcome, RUN_OUTCOMES),
  ],
);

export type ReportSchedule = typeof reportSchedules.$inferSelect;

/** The members who get a mail when a scheduled run has ended. */
export const reportRecipients = pgTable(
  'report_recipients',
  {
    organizationId: tenant(),
    reportId: id('report_id').notNull(),
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.reportId, t.userId] }),
    foreignKey({
      name: 'report_recipients_report_id_fk',
      columns: [t.reportId],
      foreignColumns: [reportSchedules.reportId],
    }).onDelete('cascade'),
    index('report_recipients_organization_id_idx').on(t.organizationId),
    index('report_recipients_user_id_idx').on(t.userId),
  ],
);
