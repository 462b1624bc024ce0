import { SEND_LEVELS } from '../network/index.ts';
import type { selectRecommendations, selectSession } from './recommendations.queries.ts';
import type { MetricView, SendSessionView } from './recommendations.schemas.ts';

type FoundSession = Awaited<ReturnType<typeof selectSession>>[number];
type FoundRecommendation = Awaited<ReturnType<typeof selectRecommendations>>[number];

export const presentSession = ({ session, identity, endedAt, ...counts }: FoundSession): SendSessionView => ({
  id: session.id,
  callId: session.callId,
  participantId: session.participantId,
  identity,
  mode: session.mode,
  maxSendBps: SEND_LEVELS[session.level]!.totalBps,
  ...counts,
  startedAt: session.createdAt.toISOString(),
  recommendedAt: session.recommendedAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});

export const presentMetric = ({
  recommendation: row,
  callId,
  participantId,
}: FoundRecommendation): MetricView => ({
  id: row.id,
  sessionId: row.sessionId,
  callId,
  participantId,
  mode: row.mode,
  maxSendBps: row.maxSendBps,
  sentBps: row.sentBps,
  quality: row.quality,
  availableBps: row.availableBps,
  forecastBps: row.forecastBps,
  roundTripSeconds: row.roundTripMs === null ? null : row.roundTripMs / 1_000,
  lossRatio: row.lossPpm === null ? null : row.lossPpm / 1_000_000,
  videoCodec: row.settings.video?.codec ?? null,
  outcome: row.outcome,
  skipped: row.skipped ?? [],
  createdAt: row.createdAt.toISOString(),
});
