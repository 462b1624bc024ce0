import { z } from '@hono/zod-openapi';
import { CAUSES } from '../../insights/verdicts/index.ts';
import {
  checkRange,
  CONNECTION_TYPES,
  DEVICE_TYPES,
  rangeExample,
  rangeFields,
  rangeSchema,
  VIDEO_CODECS,
} from '../rollups/index.ts';

const GROUPINGS = ['connection', 'region', 'cause', 'device', 'codec'] as const;
const listed = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

export const callQualityQuerySchema = z
  .strictObject({
    ...rangeFields,
    groupBy: z
      .enum(GROUPINGS)
      .default('connection')
      .openapi({ description: 'How the participants are grouped. Default: `connection`.' }),
  })
  .superRefine(checkRange);
export type QualityAnalyticsQuery = z.output<typeof callQualityQuerySchema>;

const count = (description: string) => z.number().int().openapi({ description });
const measure = (description: string) =>
  z
    .number()
    .nullable()
    .openapi({ description: `${description} Null when it was not measured.` });
const means = {
  participations: count('Participants of calls, without observers and agents; a person counts in each call.'),
  impairedParticipations: count(
    'Participants whose call was impaired: the cause is known and is not `muted`.',
  ),
  participantSeconds: z.number().openapi({ description: 'Connected time in seconds.' }),
  measuredParticipations: count('Participants whose client measured the round trip.'),
  mos: measure('Mean opinion score of the received speech, 1 to 4.5.'),
  roundTripSeconds: measure('Mean round trip to the media server in seconds.'),
  jitterSeconds: measure('Mean jitter of the received media in seconds.'),
  lossRatio: measure('Mean share of received packets that were lost, 0 to 1.'),
  bitrateBps: measure('Mean received bitrate in bits per second.'),
};
const percentiles = (unit: string) =>
  z
    .object({
      p50: measure(`Median ${unit}.`),
      p95: measure(`95th percentile ${unit}.`),
      p99: measure(`99th percentile ${unit}.`),
    })
    .openapi({ description: `Percentiles over participants ${unit}, to within 2 %.` });
const figuresSchema = z
  .object({
    ...means,
    percentiles: z
      .object({
        roundTrip: percentiles('of the round trip in seconds'),
        jitter: percentiles('of the jitter in seconds'),
        loss: percentiles('of the lost share, 0 to 1'),
        mos: z
          .object({
            p50: measure('Median score.'),
            p5: measure('Score that 95 of 100 participants exceed.'),
            p1: measure('Score that 99 of 100 participants exceed.'),
          })
          .openapi({ description: 'Percentiles of the score, to within 2 %.' }),
      })
      .openapi({ description: 'Distribution of the measures.' }),
  })
  .openapi('CallQualityFigures');
export type QualityFigures = z.output<typeof figuresSchema>;

export const callQualitySchema = z
  .object({
    range: rangeSchema.openapi({ description: 'The range of the figures, and the period before it.' }),
    current: figuresSchema.openapi({ description: 'The range.' }),
    previous: figuresSchema.openapi({ description: 'The period before the range.' }),
    groups: z
      .array(
        z.object({
          group: z.string().openapi({
            description:
              `Value of the grouping. Type of the connection: ${listed(CONNECTION_TYPES)}. Continent: two letters, or \`unknown\`. ` +
              `Cause: ${listed(CAUSES)}. Device: ${listed(DEVICE_TYPES)}. Codec of most of the received video: ` +
              `${listed(VIDEO_CODECS)}.`,
          }),
          ...means,
        }),
      )
      .openapi({ description: 'The groups of the range, the one with the most participants first.' }),
  })
  .openapi('CallQualityAnalytics');

const meansExample = {
  participations: 1_310,
  impairedParticipations: 37,
  participantSeconds: 2_140_000,
  measuredParticipations: 1_204,
  mos: 4.21,
  roundTripSeconds: 0.0482,
  jitterSeconds: 0.0061,
  lossRatio: 0.0041,
  bitrateBps: 1_430_000,
};
const distributions = {
  roundTrip: { p50: 0.0394, p95: 0.1421, p99: 0.2905 },
  jitter: { p50: 0.0044, p95: 0.0196, p99: 0.048 },
  loss: { p50: 0.001, p95: 0.02, p99: 0.061 },
  mos: { p50: 4.3, p5: 3.4, p1: 2.6 },
};
const figuresExample: QualityFigures = { ...meansExample, percentiles: distributions };
export const callQualityExample = {
  range: rangeExample,
  current: figuresExample,
  previous: figuresExample,
  groups: [{ group: 'udp', ...meansExample }],
};
