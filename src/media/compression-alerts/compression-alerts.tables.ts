import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { ALERT_KINDS, ALERT_RESOLUTIONS, ALERT_SEVERITIES } from './compression-alerts.enums.ts';

/** A share from 0 to 1, or seconds. */
interface AlertEvidence {
  value: number;
  threshold: number;
}

/** Alerts about the compression of an organization. */
export const compressionAlerts = pgTable(
  'compression_alerts',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    kind: enumColumn('kind', ALERT_KINDS).notNull(),
    severity: enumColumn('severity', ALERT_SEVERITIES).notNull(),
    /** The encoding or the id of the call; empty where the rule is about all compressions. */
    subject: text('subject').notNull(),
    callId: id('call_id').references(() => calls.id, { onDelete: 'cascade' }),
    /** The value when it was opened or became more severe, and the threshold that it passed. */
    evidence: jsonb('evidence').$type<AlertEvidence>().notNull(),
    resolution: enumColumn('resolution', ALERT_RESOLUTIONS),
    /** The user or API key; null when it was resolved by itself. */
    resolvedBy: id('resolved_by'),
    notes: text('notes'),
    resolvedAt: utcTimestamp('resolved_at'),
    createdAt: createdAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('compression_alerts_open_key')
      .on(t.organizationId, t.kind, t.subject)
      .where(sql`${t.resolvedAt} is null`),
    index('compression_alerts_organization_id_idx').on(t.organizationId, t.id),
    index('compression_alerts_call_id_idx').on(t.callId),
    index('compression_alerts_resolved_at_idx').on(t.resolvedAt),
    enumCheck('compression_alerts_kind_check', t.kind, ALERT_KINDS),
    enumCheck('compression_alerts_severity_check', t.severity, ALERT_SEVERITIES),
    enumCheck('compression_alerts_resolution_check', t.resolution, ALERT_RESOLUTIONS),
    check('compression_alerts_resolved_check', sql`(${t.resolution} is null) = (${t.resolvedAt} is null)`),
    check(
      'compression_alerts_person_check',
      sql`(${t.resolution} is not distinct from 'by_person') = (${t.resolvedBy} is not null)`,
    ),
  ],
);

export type CompressionAlert = typeof compressionAlerts.$inferSelect;
