import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { COMPRESSION_MODES, NETWORK_QUALITIES } from '../network/index.ts';
import { FOLLOW_OUTCOMES } from './recommendations.enums.ts';

const sessionId = idSchema('sendSession').describe('Id of the session.');
const callId = idSchema('call').describe('Id of the call.');
const participantId = idSchema('participant').describe('Id of the participant.');
const mode = z.enum(COMPRESSION_MODES).describe('The mode that applied.');
const count = (description: string) => z.int().min(0).describe(description);
const bps = (description: string) =>
  z.number().nullable().openapi({ example: 900_000 }).describe(description);
const moment = (description: string) => z.iso.datetime().describe(description);

/** What a client may leave out of a recommendation. */
const SKIPPABLE = ['video', 'codec', 'layers', 'audio', 'red', 'dtx'] as const;

/** The fields of the frame `media.followed`. */
export const followFields = {
  recommendationId: idSchema('recommendation').describe('The recommendation.'),
  outcome: z
    .enum(FOLLOW_OUTCOMES)
    .describe('`followed`: all of it. `partly`: all but `skipped`. `ignored`: nothing of it.'),
  skipped: z
    .array(z.enum(SKIPPABLE))
    .max(SKIPPABLE.length)
    .default([])
    .describe('What was not followed, or applies only to what is published later.'),
};

export const sessionParamsSchema = z.strictObject({ sendSessionId: sessionId });

const outcomeFields = {
  recommendations: count('Recommendations that are still stored, for 90 days.'),
  followed: count('Of these, those that the client followed.'),
  partlyFollowed: count('Of these, those that the client followed in part.'),
  ignored: count('Of these, those that the client did not follow. The others were not answered.'),
};

export const sessionSchema = z
  .object({
    id: sessionId,
    callId,
    participantId,
    identity: z.string().describe('Identity in the call.'),
    mode,
    maxSendBps: z.int().describe('Bits per second that were last recommended, sound and video together.'),
    ...outcomeFields,
    startedAt: moment('When the participant was first recommended something.'),
    recommendedAt: moment('When they were last recommended something.'),
    endedAt: z.iso.datetime().nullable().describe('When the call ended; null while it is open.'),
  })
  .openapi('SendSession', {
    description: 'What a participant of a call was recommended, and what came of it.',
  });
export type SendSessionView = z.output<typeof sessionSchema>;
export const sessionExample: SendSessionView = {
  id: exampleId('sendSession'),
  callId: exampleId('call'),
  participantId: exampleId('participant'),
  identity: exampleId('user'),
  mode: 'adaptive',
  maxSendBps: 600_000,
  recommendations: 5,
  followed: 4,
  partlyFollowed: 1,
  ignored: 0,
  startedAt: '2026-01-05T09:30:00.000Z',
  recommendedAt: '2026-01-05T09:41:00.000Z',
  endedAt: null,
};

export const listMetricsSchema = pageQuerySchema.extend({
  sessionId: sessionId.optional().describe('Only of this session.'),
  callId: callId.optional().describe('Only of this call.'),
  participantId: participantId.optional().describe('Only of this participant.'),
});
export type ListMetricsQuery = z.output<typeof listMetricsSchema>;

export const metricSchema = z
  .object({
    id: idSchema('recommendation').describe('Id of the recommendation.'),
    sessionId,
    callId,
    participantId,
    mode,
    maxSendBps: z.int().describe('Recommended bits per second, sound and video together.'),
    sentBps: bps('Bits per second that were sent in the last window before it; null when no track said it.'),
    quality: z
      .enum(NETWORK_QUALITIES)
      .nullable()
      .describe('What the network carried; null when nothing was known.'),
    availableBps: bps(
      'Estimated bandwidth for sending, in bits per second; null when the client estimates none.',
    ),
    forecastBps: bps(
      'Bandwidth that is available in the next five seconds with a probability of 90 %; null when the client estimates ' +
        'none.',
    ),
    roundTripSeconds: z
      .number()
      .nullable()
      .describe('Round trip to the media server in seconds; null when not measured.'),
    lossRatio: z
      .number()
      .nullable()
      .describe('Share of the sent packets that were lost, 0 to 1; null when not measured.'),
    videoCodec: z.string().nullable().describe('Codec that was recommended for video; null for sound alone.'),
    outcome: z.enum(FOLLOW_OUTCOMES).nullable().describe('What the client did; null when it did not answer.'),
    skipped: z.array(z.string()).describe('What the client did not follow.'),
    createdAt: moment('When it was made.'),
  })
  .openapi('SendMetric', { description: 'One recommendation, and the network that it was made for.' });
export type MetricView = z.output<typeof metricSchema>;
export const metricPageSchema = pageSchema(metricSchema).openapi('SendMetricPage');
export const metricExample: MetricView = {
  id: exampleId('recommendation'),
  sessionId: exampleId('sendSession'),
  callId: exampleId('call'),
  participantId: exampleId('participant'),
  mode: 'adaptive',
  maxSendBps: 600_000,
  sentBps: 1_050_000,
  quality: 'fair',
  availableBps: 1_100_000,
  forecastBps: 900_000,
  roundTripSeconds: 0.12,
  lossRatio: 0.01,
  videoCodec: 'vp9',
  outcome: 'followed',
  skipped: [],
  createdAt: '2026-01-05T09:41:00.000Z',
};

const MAX_HOURS = 168;
export const summaryQuerySchema = z.strictObject({
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_HOURS)
    .default(24)
    .describe(`Hours before now, 1 to ${MAX_HOURS}, default 24.`),
});
export const performanceSummarySchema = z
  .object({
    from: moment('Start of the time that is summed up.'),
    sessions: count('Participants with a recommendation.'),
    ...outcomeFields,
    meanMaxSendBps: bps('Mean of the recommended bits per second; null without recommendations.'),
    meanSentBps: bps('Mean of the bits per second that were sent before; null when it is not known.'),
    meanForecastBps: bps('Mean forecast of the bandwidth, in bits per second; null when it is not known.'),
    meanLossRatio: z
      .number()
      .nullable()
      .describe('Mean share of lost packets, 0 to 1; null when it is not known.'),
  })
  .openapi('SendPerformance', { description: 'What came of recommendations.' });
export type PerformanceSummaryView = z.output<typeof performanceSummarySchema>;
export const performanceSummaryExample: PerformanceSummaryView = {
  from: '2026-01-04T09:30:00.000Z',
  sessions: 12,
  recommendations: 80,
  followed: 70,
  partlyFollowed: 6,
  ignored: 1,
  meanMaxSendBps: 780_000,
  meanSentBps: 960_000,
  meanForecastBps: 1_200_000,
  meanLossRatio: 0.012,
};
