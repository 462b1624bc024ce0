import { and, eq, exists, gt, inArray, isNull, lte, or } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { inTurn, type Queries } from '../../kernel/db/index.ts';
import { fileCompressions } from '../file-compressions/file-compressions.tables.ts';
import { sendRecommendations, sendSessions } from '../recommendations/recommendations.tables.ts';
import { compressionAlerts } from './compression-alerts.tables.ts';

const withOpenAlert = (q: Queries) =>
  q
    .select({ id: compressionAlerts.organizationId })
    .from(compressionAlerts)
    .where(isNull(compressionAlerts.resolvedAt));

const withQuietCompression = (q: Queries, quietSince: Date) =>
  q
    .select({ id: fileCompressions.organizationId })
    .from(fileCompressions)
    .where(and(isNull(fileCompressions.endedAt), lte(fileCompressions.updatedAt, quietSince)));

/** A condition on `organizations`. */
const hasEndedCompression = (q: Queries, since: Date) =>
  exists(
    q
      .select({ id: fileCompressions.id })
      .from(fileCompressions)
      .where(and(eq(fileCompressions.organizationId, organizations.id), gt(fileCompressions.endedAt, since))),
  );

const withPoorNetwork = (q: Queries) =>
  q
    .select({ id: calls.organizationId })
    .from(calls)
    .where(
      and(
        isNull(calls.endedAt),
        exists(
          q
            .select({ id: sendSessions.id })
            .from(sendSessions)
            .innerJoin(sendRecommendations, eq(sendRecommendations.id, sendSessions.lastRecommendationId))
            .where(and(eq(sendSessions.callId, calls.id), eq(sendRecommendations.quality, 'poor'))),
        ),
      ),
    );

/** Organizations whose alerts may have to change, in an order that differs each time. */
export const selectDueOrganizations = (
  q: Queries,
  { now, quietSince, endedSince, limit }: { now: Date; quietSince: Date; endedSince: Date; limit: number },
) =>
  q
    .select({ organizationId: organizations.id })
    .from(organizations)
    .where(
      and(
        isNull(organizations.deletedAt),
        or(
          inArray(organizations.id, withOpenAlert(q)),
          hasEndedCompression(q, endedSince),
          inArray(organizations.id, withQuietCompression(q, quietSince)),
          inArray(organizations.id, withPoorNetwork(q)),
        ),
      ),
    )
    .orderBy(inTurn(organizations.id, now))
    .limit(limit);
