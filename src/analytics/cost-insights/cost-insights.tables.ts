import { bigint, boolean, jsonb, pgTable, uniqueIndex } from 'drizzle-orm/pg-core';
import { enumCheck, enumColumn, id, utcTimestamp } from '../../kernel/db/index.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { INSIGHT_KINDS, INSIGHT_STATUSES } from './cost-insights.enums.ts';
import type { CostEvidence } from './measurements.rules.ts';

/** Insights about an organization's costs. */
export const costInsights = pgTable(
  'cost_insights',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    kind: enumColumn('kind', INSIGHT_KINDS).notNull(),
    status: enumColumn('status', INSIGHT_STATUSES).notNull().default('active'),
    /** Whether the last measurement found it again. */
    found: boolean('found').notNull(),
    /** Saving in a month, in micro-units of US dollars; null when it is unknown. */
    savingMicros: bigint('saving_micros', { mode: 'bigint' }),
    evidence: jsonb('evidence').$type<CostEvidence>().notNull(),
    detectedAt: utcTimestamp('detected_at').notNull(),
    measuredAt: utcTimestamp('measured_at').notNull(),
    statusChangedAt: utcTimestamp('status_changed_at'),
  },
  (t) => [
    uniqueIndex('cost_insights_organization_kind_key').on(t.organizationId, t.kind),
    enumCheck('cost_insights_kind_check', t.kind, INSIGHT_KINDS),
    enumCheck('cost_insights_status_check', t.status, INSIGHT_STATUSES),
  ],
);

/** When an organization was last measured, or when that failed. */
export const costInsightRuns = pgTable('cost_insight_runs', {
  organizationId: tenant().primaryKey(),
  measuredAt: utcTimestamp('measured_at').notNull(),
});
