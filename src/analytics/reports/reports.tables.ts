import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
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
import { REPORT_FORMATS } from './reports.enums.ts';
import type { ReportSpec } from './report-spec.schemas.ts';

/** Saved reports. */
export const reports = pgTable(
  'reports',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    spec: jsonb('spec').$type<ReportSpec>().notNull(),
    /** Format of runs that name no format. */
    format: enumColumn('format', REPORT_FORMATS).notNull(),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    lastRunAt: utcTimestamp('last_run_at'),
    lastOperationId: text('last_operation'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('reports_organization_id_idx').on(t.organizationId, t.id),
    index('reports_created_by_idx').on(t.createdBy),
    enumCheck('reports_format_check', t.format, REPORT_FORMATS),
  ],
);
