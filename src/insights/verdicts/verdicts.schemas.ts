import { z } from '@hono/zod-openapi';

/** Of whom a sample tells: the identity in the call, the same text here, in LiveKit and in the room's socket. */
export const identitySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,160}$/, 'must be an identity in the call')
  .openapi({ example: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe' });

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
/** How the media travels: `tls` and `tcp` to the server or a relay, `udp` otherwise. */
export const PROTOCOLS = ['udp', 'tcp', 'tls'] as const;
export const CANDIDATE_TYPES = ['host', 'srflx', 'prflx', 'relay'] as const;

const count = z.number().int().min(0).max(1_000_000);
const ratio = z.number().min(0).max(1);
const bps = z.number().min(0).max(10_000_000_000);
const seconds = (max: number) => z.number().min(0).max(max);

/** One track over one sample's window; what a client does not know it leaves out. */
export const trackSampleSchema = z
  .strictObject({
    direction: z.enum(DIRECTIONS),
    kind: z.enum(MEDIA_KINDS),
    source: z.enum(MEDIA_SOURCES),
    /** Who sends what is received. */
    publisherIdentity: identitySchema.optional(),
    muted: z.boolean().optional(),
    /** The server sends nothing for now, for want of bandwidth. */
    paused: z.boolean().optional(),
    /** Packets of the window: sent, or received and lost together. */
    packets: count.optional(),
    /** Of those; for a sent track as the server reports it. */
    packetsLost: count.optional(),
    jitterSeconds: seconds(60).optional(),
    jitterBufferSeconds: seconds(60).optional(),
    bitrateBps: bps.optional(),
    framesPerSecond: z.number().min(0).max(1000).optional(),
    width: z.number().int().min(0).max(65_535).optional(),
    height: z.number().int().min(0).max(65_535).optional(),
    /** The height that the receiver asked the server for. */
    wantedHeight: z.number().int().min(0).max(65_535).optional(),
    freezes: count.optional(),
    freezeSeconds: seconds(60).optional(),
    /** Of the played audio, what had to be made up; silence not counted. */
    concealedRatio: ratio.optional(),
    /** Of the received frames, what was decoded too late or not at all. */
    droppedFramesRatio: ratio.optional(),
    limitation: z.enum(LIMITATIONS).optional(),
  })
  .refine(({ direction, publisherIdentity }) => direction === 'send' || publisherIdentity !== undefined, {
    path: ['publisherIdentity'],
    message: 'is needed for what is received',
  });
export type TrackSample = z.output<typeof trackSampleSchema>;

const MAX_TRACKS = 64;

/** What one connection measured in a window that ended at `measuredAt`. */
export const sampleSchema = z.strictObject({
  /** By the client's own clock. */
  measuredAt: z.iso.datetime(),
  windowSeconds: z.number().min(0.5).max(60),
  roundTripSeconds: seconds(60).optional(),
  availableOutgoingBps: bps.optional(),
  protocol: z.enum(PROTOCOLS).optional(),
  candidateType: z.enum(CANDIDATE_TYPES).optional(),
  /** Counted since the connection began. */
  sentBytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  receivedBytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  tracks: z.array(trackSampleSchema).max(MAX_TRACKS),
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

/** Whose part of the way it is. `server_path`: the server, or the way to it without one direction to blame. */
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

/** Why there is no answer. */
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
  measure: z.enum(MEASURES),
  /** The median over the time in question; ratios from 0 to 1, times in seconds. */
  value: z.number(),
  relation: z.enum(['at_least', 'below']),
  limit: z.number(),
});
export type VerdictEvidence = z.output<typeof verdictEvidenceSchema>;

export const verdictSchema = z
  .object({
    cause: z.enum(CAUSES),
    side: z.enum(SIDES),
    /** Whose fault it is, where it is another participant's. */
    publisherIdentity: z.string().nullable(),
    /** Of the measured time, how much the cause explains. */
    share: z.number(),
    windows: z.array(z.object({ startedAt: z.iso.datetime(), endedAt: z.iso.datetime() })),
    evidence: z.array(verdictEvidenceSchema),
    /** Why the cause is unknown; null when it is known. */
    reason: z.enum(DOUBTS).nullable(),
    /** What it may be, where several causes compete. */
    candidates: z.array(z.enum(CAUSES)),
    advice: z.string(),
  })
  .openapi('QualityVerdict');
export type QualityVerdict = z.output<typeof verdictSchema>;

const figure = z.number().nullable();

/** One direction over the whole time; what nobody measured is null. */
export const summarySchema = z
  .object({
    measuredSeconds: z.number(),
    /** Speech by the E-model of G.107, narrowband scale, 1 to 4.41. */
    mos: figure,
    /** An index of our own from 1 to 5, no MOS. */
    videoIndex: figure,
    lossRatio: figure,
    jitterSeconds: figure,
    freezes: z.number().int(),
    freezeSeconds: z.number(),
    /** All tracks together. */
    bitrateBps: figure,
    framesPerSecond: figure,
    /** The usual height of the pictures. */
    height: z.number().int().nullable(),
  })
  .openapi('QualitySummary');
export type QualitySummary = z.output<typeof summarySchema>;
