import { and, asc, desc, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import type { AlertRow } from './alerts.rules.ts';
import type { OwnThreshold } from './alerts.schemas.ts';
import { usageAlerts, usageThresholds } from './alerts.tables.ts';

/** The organization's own thresholds; no row before it set any. */
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

/** Stores alerts; one that is there already violates the primary key. */
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

/** Active owners and administrators with a confirmed address, owners first; none of a deleted organization. */
export const selectRecipients = (q: Queries, organizationId: string, limit: number) =>
  q
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      organizationName: organizations.name,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(
      and(
        eq(members.organizationId, organizationId),
        inArray(members.role, ['owner', 'admin']),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
        isNull(organizations.deletedAt),
      ),
    )
    .orderBy(sql`${members.role} = 'owner' desc`, asc(members.id))
    .limit(limit);
