import { z } from '@hono/zod-openapi';

export const CAUSES = [
  'healthy',
  'uplink_loss',
  'downlink_loss',
  'uplink_bandwidth',
  'downlink_bandwidth',
  'high_latency',
  'relay_over_tcp',
  'cpu_limited',
  'remote_publisher',
  'server_path',
  'muted',
  'unknown',
] as const;
export type Cause = (typeof CAUSES)[number];
export type KnownCause = Exclude<Cause, 'unknown'>;

/** Where the cause lies. */
export const SIDES = [
  'own_uplink',
  'own_downlink',
  'own_device',
  'remote_publisher',
  'server_path',
  'none',
  'unknown',
] as const;
export type Side = (typeof SIDES)[number];

/** Why a cause is unknown. */
export const DOUBTS = [
  'too_few_samples',
  'nothing_to_compare',
  'contradicting_evidence',
  'several_causes',
  'round_trip_unknown',
] as const;
export type Doubt = (typeof DOUBTS)[number];

export const MEASURES = [
  'uplink_loss_ratio',
  'downlink_loss_ratio',
  'round_trip_seconds',
  'round_trip_rise_seconds',
  'jitter_seconds',
  'freeze_ratio',
  'cpu_limited_ratio',
  'bandwidth_limited_ratio',
  'dropped_frames_ratio',
  'lowered_video_ratio',
  'tcp_ratio',
  'muted_ratio',
  'publisher_loss_ratio',
  'publisher_limited_ratio',
  'publisher_frames_per_second',
  'receivers_agreeing',
  'participants_affected',
  'observed_seconds',
] as const;
export type Measure = (typeof MEASURES)[number];

export const verdictEvidenceSchema = z.object({
  measure: z.enum(MEASURES).openapi({
    description:
      'What was measured. `…_ratio` is from 0 to 1, `…_seconds` in seconds; `receivers_agreeing` and ' +
      '`participants_affected` count participants.',
  }),
  value: z.number().openapi({ description: 'Median over the time in question.' }),
  relation: z.enum(['at_least', 'below']).openapi({ description: 'How the value compares with the limit.' }),
  limit: z.number().openapi({ description: 'Limit that decided, in the unit of the measure.' }),
});
export type VerdictEvidence = z.output<typeof verdictEvidenceSchema>;

const windowSchema = z.object({
  startedAt: z.iso.datetime().openapi({ description: 'Start of the window.' }),
  endedAt: z.iso.datetime().openapi({ description: 'End of the window.' }),
});

export const verdictSchema = z
  .object({
    cause: z.enum(CAUSES).openapi({
      description:
        'Why the quality was as it was. `healthy`: nothing was wrong. `…_loss`: packets were lost. `…_bandwidth`: the ' +
        'connection was too slow. `uplink` is what the participant sends, `downlink` what they receive. ' +
        '`high_latency`: the way to the server took long. `relay_over_tcp`: media went over TCP and stalled. ' +
        '`cpu_limited`: the device was too slow. `remote_publisher`: another participant’s connection or device. ' +
        '`server_path`: the server, or the way of many participants to it. `muted`: the microphone was muted. ' +
        '`unknown`: see `reason`.',
    }),
    side: z.enum(SIDES).openapi({
      description:
        'Where the cause lies. `server_path` is the server, or the way to it when no direction can be named; `none` ' +
        'when nothing was wrong.',
    }),
    publisherIdentity: z.string().nullable().openapi({
      description:
        'Identity of the participant at fault when the cause is `remote_publisher`; otherwise null.',
    }),
    share: z.number().openapi({ description: 'Share of the measured time that the cause explains, 0 to 1.' }),
    windows: z
      .array(windowSchema)
      .openapi({ description: 'When the cause was present, at most 50 windows.' }),
    evidence: z
      .array(verdictEvidenceSchema)
      .openapi({ description: 'Measures that decided, with their limits.' }),
    reason: z
      .enum(DOUBTS)
      .nullable()
      .openapi({
        description:
          'Why the cause is unknown. `nothing_to_compare`: media arrived badly and no other participant measured the ' +
          'same. `several_causes`: see `candidates`. `round_trip_unknown`: no trouble was measured, and no sample has ' +
          'the round trip. Null when the cause is known.',
      }),
    candidates: z.array(z.enum(CAUSES)).openapi({
      description: 'Possible causes when `reason` is `several_causes`; otherwise empty.',
    }),
    advice: z
      .string()
      .openapi({ description: 'One sentence in English for the participant: what to do about it.' }),
  })
  .openapi('QualityVerdict', { description: 'Why a participant’s quality was as it was.' });
export type QualityVerdict = z.output<typeof verdictSchema>;

const figure = (description: string) =>
  z
    .number()
    .nullable()
    .openapi({ description: `${description}; null when not measured.` });

/** One direction over the whole time. */
export const summarySchema = z
  .object({
    measuredSeconds: z.number().openapi({
      description: 'Seconds of the samples with a live track in this direction.',
    }),
    mos: figure(
      'Estimated mean opinion score of speech, 1 to 4.41. It is the E-model of ITU-T G.107, narrowband scale, with losses ' +
        'and delay only. Null also when the participant’s round trip is not known',
    ),
    videoIndex: figure(
      'Video quality index from 1 to 5 out of sharpness, frame rate and freezes; not a mean opinion score, and not ' +
        'comparable with other products',
    ),
    lossRatio: figure('Share of packets lost, 0 to 1'),
    jitterSeconds: figure('Mean jitter in seconds'),
    freezes: z.number().int().openapi({ description: 'How often video froze, all tracks together.' }),
    freezeSeconds: z
      .number()
      .openapi({ description: 'Seconds for which video was frozen, all tracks together.' }),
    bitrateBps: figure(
      'Mean bitrate of all tracks together, in bits per second, over the samples that have it for every track',
    ),
    framesPerSecond: figure('Mean video frames per second'),
    height: z.number().int().nullable().openapi({
      description: 'Most frequent height of the video in pixels; null when not measured.',
    }),
  })
  .openapi('QualitySummary', { description: 'Quality in one direction over the whole time.' });
export type QualitySummary = z.output<typeof summarySchema>;
