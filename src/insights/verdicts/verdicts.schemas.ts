import { z } from '@hono/zod-openapi';

/** An identity in the call: the same text in this API, in LiveKit and on the room's socket. */
export const identitySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,160}$/, 'must be an identity in the call')
  .openapi({
    description: 'Identity in the call, 1 to 160 characters without spaces',
    example: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  });

const DIRECTIONS = ['send', 'receive'] as const;
export const MEDIA_KINDS = ['audio', 'video'] as const;
export const MEDIA_SOURCES = [
  'microphone',
  'camera',
  'screen_share',
  'screen_share_audio',
  'unknown',
] as const;
export const LIMITATIONS = ['none', 'cpu', 'bandwidth', 'other'] as const;
export const PROTOCOLS = ['udp', 'tcp', 'tls'] as const;
export const CANDIDATE_TYPES = ['host', 'srflx', 'prflx', 'relay'] as const;

const flag = (description: string) => z.boolean().optional().openapi({ description });
const count = (description: string) =>
  z.number().int().min(0).max(1_000_000).optional().openapi({ description });
const ratio = (description: string) => z.number().min(0).max(1).optional().openapi({ description });
const bps = (description: string) =>
  z.number().min(0).max(10_000_000_000).optional().openapi({ description });
const seconds = (description: string) => z.number().min(0).max(60).optional().openapi({ description });
const pixels = (description: string) =>
  z.number().int().min(0).max(65_535).optional().openapi({ description });

/** One track in the window of one sample. A client leaves out what it does not know. */
export const trackSampleSchema = z
  .strictObject({
    direction: z.enum(DIRECTIONS).openapi({ description: 'Whether the client sends or receives the track' }),
    kind: z.enum(MEDIA_KINDS).openapi({ description: 'Kind of media' }),
    source: z.enum(MEDIA_SOURCES).openapi({ description: 'Source of the media' }),
    publisherIdentity: identitySchema.optional().openapi({
      description: 'Identity of the participant who publishes the track; required for a received track',
    }),
    muted: flag('Whether the track is muted'),
    paused: flag('Whether the server has paused a received track because bandwidth is short'),
    packets: count('Packets in the window: sent; or received and lost together'),
    packetsLost: count('Packets lost in the window; for a sent track as the server reports it'),
    jitterSeconds: seconds('Jitter in seconds, 0 to 60'),
    jitterBufferSeconds: seconds('Delay of the jitter buffer in seconds, 0 to 60'),
    bitrateBps: bps('Bitrate in bits per second'),
    framesPerSecond: z
      .number()
      .min(0)
      .max(1000)
      .optional()
      .openapi({ description: 'Video frames per second, 0 to 1,000' }),
    width: pixels('Width of the video in pixels'),
    height: pixels('Height of the video in pixels'),
    wantedHeight: pixels('Height in pixels that the receiver asked the server for'),
    freezes: count('How often the video froze in the window'),
    freezeSeconds: seconds('Seconds of the window for which the video was frozen, 0 to 60'),
    concealedRatio: ratio('Share of the played audio that was concealed, 0 to 1, silence not counted'),
    droppedFramesRatio: ratio(
      'Share of the received frames that were decoded too late or not at all, 0 to 1',
    ),
    limitation: z.enum(LIMITATIONS).optional().openapi({
      description: 'What limits the encoder of a sent video (`qualityLimitationReason` of WebRTC)',
    }),
  })
  .refine(({ direction, publisherIdentity }) => direction === 'send' || publisherIdentity !== undefined, {
    path: ['publisherIdentity'],
    message: 'is required for a received track',
  });
export type TrackSample = z.output<typeof trackSampleSchema>;

const MAX_TRACKS = 64;
const byteCounter = (description: string) =>
  z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().openapi({ description });

/** What one connection measured in a window that ended at `measuredAt`. */
export const sampleSchema = z.strictObject({
  measuredAt: z.iso.datetime().openapi({ description: 'End of the window, by the client’s clock' }),
  windowSeconds: z
    .number()
    .min(0.5)
    .max(60)
    .openapi({ description: 'Length of the window in seconds, 0.5 to 60' }),
  roundTripSeconds: seconds('Round trip to the media server in seconds, 0 to 60'),
  availableOutgoingBps: bps('Estimated bandwidth for sending, in bits per second'),
  protocol: z.enum(PROTOCOLS).optional().openapi({
    description: 'How media reaches the server or the relay: `udp`, `tcp`, or `tls` (over TCP)',
  }),
  candidateType: z.enum(CANDIDATE_TYPES).optional().openapi({
    description: 'Type of the selected local ICE candidate',
  }),
  sentBytes: byteCounter('Bytes sent since the connection began'),
  receivedBytes: byteCounter('Bytes received since the connection began'),
  tracks: z
    .array(trackSampleSchema)
    .max(MAX_TRACKS)
    .openapi({
      description: `All tracks that are sent or received, at most ${MAX_TRACKS}`,
    }),
});
export type Sample = z.output<typeof sampleSchema>;

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
  value: z.number().openapi({ description: 'Median over the time in question' }),
  relation: z.enum(['at_least', 'below']).openapi({ description: 'How the value compares with the limit' }),
  limit: z.number().openapi({ description: 'Limit that decided, in the unit of the measure' }),
});
export type VerdictEvidence = z.output<typeof verdictEvidenceSchema>;

const windowSchema = z.object({
  startedAt: z.iso.datetime().openapi({ description: 'Start of the window' }),
  endedAt: z.iso.datetime().openapi({ description: 'End of the window' }),
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
        'Identity of the participant at fault when the cause is `remote_publisher`; otherwise null',
    }),
    share: z.number().openapi({ description: 'Share of the measured time that the cause explains, 0 to 1' }),
    windows: z.array(windowSchema).openapi({ description: 'When the cause was present, at most 50 windows' }),
    evidence: z
      .array(verdictEvidenceSchema)
      .openapi({ description: 'Measures that decided, with their limits' }),
    reason: z
      .enum(DOUBTS)
      .nullable()
      .openapi({
        description:
          'Why the cause is unknown. `nothing_to_compare`: media arrived badly and no other participant measured the ' +
          'same. `several_causes`: see `candidates`. Null when the cause is known.',
      }),
    candidates: z.array(z.enum(CAUSES)).openapi({
      description: 'Possible causes when `reason` is `several_causes`; otherwise empty',
    }),
    advice: z
      .string()
      .openapi({ description: 'One sentence in English for the participant: what to do about it' }),
  })
  .openapi('QualityVerdict', { description: 'Why a participant’s quality was as it was' });
export type QualityVerdict = z.output<typeof verdictSchema>;

const figure = (description: string) =>
  z
    .number()
    .nullable()
    .openapi({ description: `${description}; null when not measured` });

/** One direction over the whole time. */
export const summarySchema = z
  .object({
    measuredSeconds: z.number().openapi({
      description: 'Seconds of the samples with a live track in this direction',
    }),
    mos: figure(
      'Estimated mean opinion score of speech, 1 to 4.41: E-model of ITU-T G.107, narrowband scale, losses and delay only',
    ),
    videoIndex: figure(
      'Video quality index from 1 to 5 out of sharpness, frame rate and freezes; not a mean opinion score, and not ' +
        'comparable with other products',
    ),
    lossRatio: figure('Share of packets lost, 0 to 1'),
    jitterSeconds: figure('Mean jitter in seconds'),
    freezes: z.number().int().openapi({ description: 'How often video froze, all tracks together' }),
    freezeSeconds: z
      .number()
      .openapi({ description: 'Seconds for which video was frozen, all tracks together' }),
    bitrateBps: figure('Mean bitrate of all tracks together, in bits per second'),
    framesPerSecond: figure('Mean video frames per second'),
    height: z.number().int().nullable().openapi({
      description: 'Most frequent height of the video in pixels; null when not measured',
    }),
  })
  .openapi('QualitySummary', { description: 'Quality in one direction over the whole time' });
export type QualitySummary = z.output<typeof summarySchema>;
