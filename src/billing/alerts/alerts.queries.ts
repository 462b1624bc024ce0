import { and, asc, desc, eq, gte, lt } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { AlertRow } from './alerts.rules.ts';
import type { OwnThreshold } from './alerts.schemas.ts';
import { usageAlerts, usageThresholds } from './alerts.tables.ts';

/** The organization's own thresholds; no row before it has set any. */
export const selectThresholds = (q: Queries, organizationId: string) =>
  q
    .select({ thresholds: usageThresholds.thresholds })
    .from(usageThresholds)
    .where(eq(usageThresholds.organizationId, organizationId));

export function replaceThresholds(
  q: Queries,
  organizationId: string,
  { thresholds, now }: { thresholds: OwnThreshold[]; now: Date },
) {
  const set = { thresholds, updatedAt: now };
  return q
    .insert(usageThresholds)
    .values({ organizationId, ...set })
    .onConflictDoUpdate({ target: usageThresholds.organizationId, set });
}

/** The alerts of a month, the latest first. */
export const selectAlertsOfMonth = (q: Queries, organizationId: string, periodStartsAt: Date) =>
  q
    .select()
    .from(usageAlerts)
    .where(
      and(eq(usageAlerts.organizationId, organizationId), eq(usageAlerts.periodStartsAt, periodStartsAt)),
    )
    .orderBy(desc(usageAlerts.reachedAt), asc(usageAlerts.meter), desc(usageAlerts.quantity));

/** Stores alerts; one that exists already violates the primary key. */
export const insertAlerts = (q: Queries, rows: AlertRow[]) => q.insert(usageAlerts).values(rows);

/** The alert with this key. */
export const selectAlert = (
  q: Queries,
  organizationId: string,
  { periodStartsAt, meter, quantity }: Pick<AlertRow, 'periodStartsAt' | 'meter' | 'quantity'>,
) =>
  q
    .select()
    .from(usageAlerts)
    .where(
      and(
        eq(usageAlerts.organizationId, organizationId),
        eq(usageAlerts.periodStartsAt, periodStartsAt),
        eq(usageAlerts.meter, meter),
        eq(usageAlerts.quantity, quantity),
      ),
    );

/** The alerts that were reached from one moment to before another, in the order in which they were reached. */
export const selectAlertsBetween = (q: Queries, organizationId: string, from: Date, to: Date) =>
  q
    .select()
    .from(usageAlerts)
    .where(
      and(
        eq(usageAlerts.organizationId, organizationId),
        gte(usageAlerts.reachedAt, from),
        lt(usageAlerts.reachedAt, to),
      ),
    )
    .orderBy(asc(usageAlerts.reachedAt), asc(usageAlerts.meter), asc(usageAlerts.quantity));
