import { and, desc, eq, gt, gte, isNull, sql } from 'drizzle-orm';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { qualitySamples } from '../../insights/quality/quality.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { changeVersioned, isBefore, mustChange, type Queries } from '../../kernel/db/index.ts';
import type { FollowOutcome } from './recommendations.enums.ts';
import {
  type SendRecommendationRow,
  sendRecommendations,
  type SendSession,
  sendSessions,
} from './recommendations.tables.ts';

/** The session of a participant whose call is open, with its last recommendation; no row when the call is over. */
export const selectOpenSession = (q: Queries, organizationId: string, participantId: string) =>
  q
    .select({ session: sendSessions, last: sendRecommendations })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .leftJoin(sendSessions, eq(sendSessions.participantId, callParticipants.id))
    .leftJoin(sendRecommendations, eq(sendRecommendations.id, sendSessions.lastRecommendationId))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.id, participantId),
        isNull(calls.endedAt),
      ),
    );

/** As many samples as a client that reports each two seconds sends in a minute. */
const MAX_RECENT_BATCHES = 30;

/** The participant's batches whose last window ended after a moment, the newest first. */
export const selectRecentBatches = (q: Queries, organizationId: string, participantId: string, after: Date) =>
  q
    .select({ connection: qualitySamples.connection, samples: qualitySamples.samples })
    .from(qualitySamples)
    .where(
      and(
        eq(qualitySamples.organizationId, organizationId),
        eq(qualitySamples.participantId, participantId),
        gt(qualitySamples.endedAt, after),
      ),
    )
    .orderBy(desc(qualitySamples.id))
    .limit(MAX_RECENT_BATCHES);

/** Fails with the unique key `send_sessions_participant_id_key` when another delivery was first. */
export const insertSession = (q: Queries, row: SendSession) => q.insert(sendSessions).values(row);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeSession = (q: Queries, row: SendSession, set: Partial<SendSession>) =>
  changeVersioned(q, sendSessions, row, set);

export const insertRecommendation = (q: Queries, row: SendRecommendationRow) =>
  q.insert(sendRecommendations).values(row);

/** A recommendation, with whom it was for. */
export const selectRecommendation = (q: Queries, organizationId: string, recommendationId: string) =>
  q
    .select({
      recommendation: sendRecommendations,
      identity: callParticipants.identity,
      roomId: calls.roomId,
    })
    .from(sendRecommendations)
    .innerJoin(sendSessions, eq(sendSessions.id, sendRecommendations.sessionId))
    .innerJoin(callParticipants, eq(callParticipants.id, sendSessions.participantId))
    .innerJoin(calls, eq(calls.id, sendSessions.callId))
    .where(
      and(
        eq(sendRecommendations.organizationId, organizationId),
        eq(sendRecommendations.id, recommendationId),
      ),
    );

/** Stores what the client did; the first answer stays, and a second one fails with `request.stale`. */
export const storeOutcome = (
  q: Queries,
  organizationId: string,
  recommendationId: string,
  set: Pick<SendRecommendationRow, 'outcome' | 'skipped' | 'followedAt'>,
) =>
  mustChange(
    q,
    q
      .update(sendRecommendations)
      .set(set)
      .where(
        and(
          eq(sendRecommendations.organizationId, organizationId),
          eq(sendRecommendations.id, recommendationId),
          isNull(sendRecommendations.outcome),
        ),
      )
      .returning({ id: sendRecommendations.id }),
    requestErrors.stale,
  );

const countOf = (outcome: FollowOutcome) =>
  sql<number>`count(*) filter (where ${sendRecommendations.outcome} = ${outcome})::int`;
const outcomeCounts = {
  recommendations: sql<number>`count(${sendRecommendations.id})::int`,
  followed: countOf('followed'),
  partlyFollowed: countOf('partly'),
  ignored: countOf('ignored'),
};

/** Sessions of one user if `userId` is given. */
const isSessionOf = (userId: string | undefined) =>
  userId === undefined ? undefined : eq(callParticipants.userId, userId);

/** A session, with what came of its recommendations. */
export const selectSession = (
  q: Queries,
  organizationId: string,
  sessionId: string,
  userId: string | undefined,
) =>
  q
    .select({
      session: sendSessions,
      identity: callParticipants.identity,
      endedAt: calls.endedAt,
      ...outcomeCounts,
    })
    .from(sendSessions)
    .innerJoin(callParticipants, eq(callParticipants.id, sendSessions.participantId))
    .innerJoin(calls, eq(calls.id, sendSessions.callId))
    .leftJoin(sendRecommendations, eq(sendRecommendations.sessionId, sendSessions.id))
    .where(
      and(
        eq(sendSessions.organizationId, organizationId),
        eq(sendSessions.id, sessionId),
        isSessionOf(userId),
      ),
    )
    .groupBy(sendSessions.id, callParticipants.identity, calls.endedAt);

interface RecommendationFilter {
  sessionId?: string | undefined;
  callId?: string | undefined;
  participantId?: string | undefined;
  userId: string | undefined;
}

/** Recommendations, the newest first; only of a session, a call, a participant or a user if they are given. */
export const selectRecommendations = (
  q: Queries,
  organizationId: string,
  { sessionId, callId, participantId, userId }: RecommendationFilter,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select({
      recommendation: sendRecommendations,
      callId: sendSessions.callId,
      participantId: sendSessions.participantId,
    })
    .from(sendRecommendations)
    .innerJoin(sendSessions, eq(sendSessions.id, sendRecommendations.sessionId))
    .innerJoin(callParticipants, eq(callParticipants.id, sendSessions.participantId))
    .where(
      and(
        eq(sendRecommendations.organizationId, organizationId),
        sessionId === undefined ? undefined : eq(sendRecommendations.sessionId, sessionId),
        callId === undefined ? undefined : eq(sendSessions.callId, callId),
        participantId === undefined ? undefined : eq(sendSessions.participantId, participantId),
        isSessionOf(userId),
        isBefore(sendRecommendations.id, before),
      ),
    )
    .orderBy(desc(sendRecommendations.id))
    .limit(limit + 1);

/** What came of the recommendations since a moment. */
export const summarizeRecommendations = (q: Queries, organizationId: string, since: Date) =>
  q
    .select({
      ...outcomeCounts,
      sessions: sql<number>`count(distinct ${sendRecommendations.sessionId})::int`,
      meanMaxSendBps: sql<number | null>`round(avg(${sendRecommendations.maxSendBps}))::float8`,
      meanSentBps: sql<number | null>`round(avg(${sendRecommendations.sentBps}))::float8`,
      meanForecastBps: sql<number | null>`round(avg(${sendRecommendations.forecastBps}))::float8`,
      meanLossRatio: sql<number | null>`round(avg(${sendRecommendations.lossPpm}) / 1000000, 4)::float8`,
    })
    .from(sendRecommendations)
    .where(
      and(eq(sendRecommendations.organizationId, organizationId), gte(sendRecommendations.createdAt, since)),
    );
