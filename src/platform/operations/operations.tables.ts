import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import {
  createdAt,
  id,
  utcTimestamp,
  updatedAt,
  version,
  enumColumn,
  enumCheck,
} from '../../kernel/db/index.ts';

export const OPERATION_STATUSES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export const operations = pgTable(
  'operations',
  {
    id: id('id').primaryKey(),
    organizationId: id('organization_id').notNull(),
    /** Kind of the work: `audit.export`. */
    kind: text('kind').notNull(),
    status: enumColumn('status', OPERATION_STATUSES).notNull().default('pending'),
    /** 0 to 100. */
    progress: integer('progress').notNull().default(0),
    input: jsonb('input').$type<Record<string, unknown>>().notNull(),
    requestedBy: text('requested_by').notNull(),
    /** The permission that the request required; also required to read the operation and its result. */
    permission: text('permission').notNull(),
    /** Object key of the result, with its media type and file name. */
    resultKey: text('result_key'),
    resultType: text('result_type'),
    resultName: text('result_name'),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    cancelRequestedAt: utcTimestamp('cancel_requested_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    finishedAt: utcTimestamp('finished_at'),
    /** When the result expires. The row is kept longer, so that the API can answer 410. */
    expiresAt: utcTimestamp('expires_at'),
    version: version(),
  },
  (t) => [
    index('operations_organization_id_idx').on(t.organizationId, t.id),
    index('operations_expires_at_idx').on(t.expiresAt),
    index('operations_unfinished_idx')
      .on(t.updatedAt)
      .where(sql`${t.status} in ('pending', 'running')`),
    enumCheck('operations_status_check', t.status, OPERATION_STATUSES),
  ],
);

export type Operation = typeof operations.$inferSelect;
