import { sql } from 'drizzle-orm';
import { boolean, check, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { AI_ALERT_KINDS, AI_ALERT_RESOLUTIONS } from './ai-alerts.enums.ts';
import type { AiThreshold } from './ai-alerts.schemas.ts';

/** The thresholds that an organization set, replaced as a whole. */
export const aiThresholds = pgTable('ai_thresholds', {
  organizationId: tenant().primaryKey(),
  thresholds: jsonb('thresholds').$type<readonly AiThreshold[]>().notNull(),
  updatedAt: updatedAt(),
});

/** In the unit of the kind. */
interface AlertEvidence {
  value: number;
  threshold: number;
}

/** Thresholds that answers have passed. */
export const aiAlerts = pgTable(
  'ai_alerts',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    kind: enumColumn('kind', AI_ALERT_KINDS).notNull(),
    /** Empty for all models, and for all features. */
    model: text('model').notNull(),
    feature: text('feature').notNull(),
    /** The figure when it was opened, and the threshold that it passed. */
    evidence: jsonb('evidence').$type<AlertEvidence>().notNull(),
    /** Whether its opening is mailed: decided when it is inserted. */
    mailed: boolean('mailed').notNull(),
    resolution: enumColumn('resolution', AI_ALERT_RESOLUTIONS),
    resolvedAt: utcTimestamp('resolved_at'),
    createdAt: createdAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('ai_alerts_open_key')
      .on(t.organizationId, t.kind, t.model, t.feature)
      .where(sql`${t.resolvedAt} is null`),
    index('ai_alerts_organization_id_idx').on(t.organizationId, t.createdAt),
    index('ai_alerts_resolved_at_idx').on(t.resolvedAt),
    enumCheck('ai_alerts_kind_check', t.kind, AI_ALERT_KINDS),
    enumCheck('ai_alerts_resolution_check', t.resolution, AI_ALERT_RESOLUTIONS),
    check('ai_alerts_resolved_check', sql`(${t.resolution} is null) = (${t.resolvedAt} is null)`),
  ],
);

export type AiAlert = typeof aiAlerts.$inferSelect;
