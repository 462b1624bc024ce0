import { and, desc, eq, exists, gt, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { aiGenerations } from '../../intelligence/generations/generations.tables.ts';
import { aiRatings } from '../../intelligence/ratings/ratings.tables.ts';
import { changeVersioned, inTurn, type Queries } from '../../kernel/db/index.ts';
import type { AiThreshold } from './ai-alerts.schemas.ts';
import { type AiAlert, aiAlerts, aiThresholds } from './ai-alerts.tables.ts';

/** No row before the organization has set thresholds. */
export const selectThresholds = (q: Queries, organizationId: string) =>
  q
    .select({ thresholds: aiThresholds.thresholds })
    .from(aiThresholds)
    .where(eq(aiThresholds.organizationId, organizationId));

export function replaceThresholds(
  q: Queries,
  organizationId: string,
  { thresholds, now }: { thresholds: readonly AiThreshold[]; now: Date },
) {
  const set = { thresholds, updatedAt: now };
  return q
    .insert(aiThresholds)
    .values({ organizationId, ...set })
    .onConflictDoUpdate({ target: aiThresholds.organizationId, set });
}

const isOf = (organizationId: string) => eq(aiAlerts.organizationId, organizationId);

export const selectOpenAlerts = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(aiAlerts)
    .where(and(isOf(organizationId), isNull(aiAlerts.resolvedAt)));

/** The newest first. */
export const selectNewestAlerts = (q: Queries, organizationId: string, limit: number) =>
  q
    .select()
    .from(aiAlerts)
    .where(isOf(organizationId))
    .orderBy(desc(aiAlerts.createdAt), desc(aiAlerts.id))
    .limit(limit);

export const selectAlert = (q: Queries, organizationId: string, alertId: string) =>
  q
    .select()
    .from(aiAlerts)
    .where(and(isOf(organizationId), eq(aiAlerts.id, alertId)));

/**
 * Inserts an alert; it is mailed if fewer than `most` alerts of its day are. Fails with the unique key
 * `ai_alerts_open_key` when the threshold has an open alert.
 */
export const insertAlert = (
  q: Queries,
  row: Omit<AiAlert, 'mailed'>,
  { from, most }: { from: Date; most: number },
) =>
  q.insert(aiAlerts).values({
    ...row,
    mailed: sql`(select count(*) from ${aiAlerts} where ${isOf(row.organizationId)} and ${gte(aiAlerts.createdAt, from)}
      and ${aiAlerts.mailed}) < ${most}`,
  });

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeAlert = (q: Queries, row: AiAlert, set: Partial<AiAlert>) =>
  changeVersioned(q, aiAlerts, row, set);

/** Deletes alerts that were resolved before a moment. */
export const deleteResolvedAlerts = (q: Queries, before: Date) =>
  q.delete(aiAlerts).where(lt(aiAlerts.resolvedAt, before));

const withOpenAlert = (q: Queries) =>
  q.select({ id: aiAlerts.organizationId }).from(aiAlerts).where(isNull(aiAlerts.resolvedAt));

/** Organizations with thresholds or alerts in which something may have changed since a moment, in a random order. */
export const selectDueOrganizations = (
  q: Queries,
  { now, since, limit }: { now: Date; since: Date; limit: number },
) => {
  const asked = and(eq(aiGenerations.organizationId, organizations.id), gt(aiGenerations.createdAt, since));
  const rated = and(eq(aiRatings.organizationId, organizations.id), gt(aiRatings.updatedAt, since));
  return q
    .select({ organizationId: organizations.id })
    .from(organizations)
    .innerJoin(aiThresholds, eq(aiThresholds.organizationId, organizations.id))
    .where(
      and(
        isNull(organizations.deletedAt),
        or(
          gt(aiThresholds.updatedAt, since),
          inArray(organizations.id, withOpenAlert(q)),
          exists(q.select({ id: aiGenerations.id }).from(aiGenerations).where(asked)),
          exists(q.select({ id: aiRatings.id }).from(aiRatings).where(rated)),
        ),
      ),
    )
    .orderBy(inTurn(organizations.id, now))
    .limit(limit);
};
