import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { qualitySamples } from '../../insights/quality/quality.tables.ts';
import { calls } from '../../calls/calls/calls.tables.ts';
import { changeVersioned, isBefore, type Queries } from '../../kernel/db/index.ts';
import { isCallShownTo } from '../../rooms/access/index.ts';
import { fileCompressions } from '../file-compressions/file-compressions.tables.ts';
import { sendRecommendations, sendSessions } from '../recommendations/recommendations.tables.ts';
import type { AlertSeverity } from './compression-alerts.enums.ts';
import { type CompressionAlert, compressionAlerts } from './compression-alerts.tables.ts';

const MAX_COMPRESSIONS = 1_000;

/** The compressions that ended since a moment, and were not cancelled; the latest. */
export const selectEnded = (q: Queries, organizationId: string, since: Date) =>
  q
    .select({
      settings: fileCompressions.settings,
      state: fileCompressions.state,
      reason: fileCompressions.reason,
      endedAt: fileCompressions.endedAt,
    })
    .from(fileCompressions)
    .where(
      and(
        eq(fileCompressions.organizationId, organizationId),
        gt(fileCompressions.endedAt, since),
        inArray(fileCompressions.state, ['ready', 'kept', 'failed']),
      ),
    )
    .orderBy(desc(fileCompressions.endedAt))
    .limit(MAX_COMPRESSIONS);

/** Since when an open compression has made no progress; of several, the longest. */
export const selectQuietSince = (q: Queries, organizationId: string) =>
  q
    .select({ at: fileCompressions.updatedAt })
    .from(fileCompressions)
    .where(and(eq(fileCompressions.organizationId, organizationId), isNull(fileCompressions.endedAt)))
    .orderBy(fileCompressions.updatedAt)
    .limit(1);

const MAX_CALLS = 20;
const MAX_BATCHES = 2_000;

/** The open calls of an organization in which a network was poor when something was last recommended; those with an open alert first. */
const poorCalls = (q: Queries, organizationId: string) =>
  q
    .select({ callId: sendSessions.callId })
    .from(sendSessions)
    .innerJoin(calls, eq(calls.id, sendSessions.callId))
    .innerJoin(sendRecommendations, eq(sendRecommendations.id, sendSessions.lastRecommendationId))
    .where(
      and(
        eq(sendSessions.organizationId, organizationId),
        isNull(calls.endedAt),
        eq(sendRecommendations.quality, 'poor'),
      ),
    )
    .groupBy(sendSessions.callId)
    .orderBy(
      sql`exists (select from ${compressionAlerts} where ${compressionAlerts.callId} = ${sendSessions.callId}
        and ${compressionAlerts.resolvedAt} is null) desc`,
      sendSessions.callId,
    )
    .limit(MAX_CALLS);

/** Samples of the participants of these calls since a moment. @param afterId the smallest id that such a sample can have */
export const selectBatches = (q: Queries, organizationId: string, since: Date, afterId: string) =>
  q
    .select({
      callId: qualitySamples.callId,
      participantId: qualitySamples.participantId,
      samples: qualitySamples.samples,
    })
    .from(qualitySamples)
    .where(
      and(
        inArray(qualitySamples.callId, poorCalls(q, organizationId)),
        gt(qualitySamples.id, afterId),
        gt(qualitySamples.endedAt, since),
      ),
    )
    .orderBy(desc(qualitySamples.id))
    .limit(MAX_BATCHES);

/** Open alerts, and those that a person resolved since a moment. */
export const selectRelevant = (q: Queries, organizationId: string, since: Date) =>
  q
    .select()
    .from(compressionAlerts)
    .where(
      and(
        eq(compressionAlerts.organizationId, organizationId),
        or(
          isNull(compressionAlerts.resolvedAt),
          and(gt(compressionAlerts.resolvedAt, since), eq(compressionAlerts.resolution, 'by_person')),
        ),
      ),
    );

/** Fails with the unique key `compression_alerts_open_key` when the rule has an open alert about the subject. */
export const insertAlert = (q: Queries, row: CompressionAlert) => q.insert(compressionAlerts).values(row);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeAlert = (q: Queries, row: CompressionAlert, set: Partial<CompressionAlert>) =>
  changeVersioned(q, compressionAlerts, row, set);

/** Alerts about no call, or about a call that the viewer can see; null: all calls. */
const shownTo = (q: Queries, organizationId: string, viewer: string | null, more: SQL | undefined) =>
  q
    .select({ alert: compressionAlerts })
    .from(compressionAlerts)
    .leftJoin(calls, eq(calls.id, compressionAlerts.callId))
    .where(
      and(
        eq(compressionAlerts.organizationId, organizationId),
        viewer === null ? undefined : or(isNull(compressionAlerts.callId), isCallShownTo(viewer)),
        more,
      ),
    );

export const selectCompressionAlert = (
  q: Queries,
  organizationId: string,
  alertId: string,
  viewer: string | null,
) => shownTo(q, organizationId, viewer, eq(compressionAlerts.id, alertId));

/** Alerts, the newest first; one more than `limit`. */
export const selectCompressionAlerts = (
  q: Queries,
  organizationId: string,
  {
    viewer,
    severity,
    resolved,
  }: { viewer: string | null; severity?: AlertSeverity | undefined; resolved?: boolean | undefined },
  { before, limit }: { before: string | undefined; limit: number },
) => {
  const { resolvedAt } = compressionAlerts;
  const filter = and(
    severity === undefined ? undefined : eq(compressionAlerts.severity, severity),
    resolved === undefined ? undefined : resolved ? isNotNull(resolvedAt) : isNull(resolvedAt),
    isBefore(compressionAlerts.id, before),
  );
  return shownTo(q, organizationId, viewer, filter)
    .orderBy(desc(compressionAlerts.id))
    .limit(limit + 1);
};

/** Deletes alerts that were resolved before a moment. */
export const deleteResolvedAlerts = (q: Queries, before: Date) =>
  q.delete(compressionAlerts).where(lt(compressionAlerts.resolvedAt, before));
