import { z } from '@hono/zod-openapi';
import { momentSchema } from '../../kernel/core/index.ts';

/** An identity in the call: the same text in this API, in LiveKit and on the room's socket. */
const identitySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,160}$/, 'must be an identity in the call')
  .openapi({ example: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe' })
  .describe('Identity in the call, 1 to 160 characters without spaces.');

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
/** What kind of device a client runs on. */
export const DEVICES = ['desktop', 'phone', 'tablet', 'other'] as const;
/** Formats of media, by the names of WebRTC in lower case. */
export const CODECS = [
  'opus',
  'red',
  'pcmu',
  'pcma',
  'g722',
  'vp8',
  'vp9',
  'h264',
  'h265',
  'av1',
  'other',
] as const;
export const CANDIDATE_TYPES = ['host', 'srflx', 'prflx', 'relay'] as const;

const flag = (description: string) => z.boolean().optional().describe(description);
const count = (description: string) =>
  z.number().int().min(0).max(1_000_000).optional().describe(description);
const ratio = (description: string) => z.number().min(0).max(1).optional().describe(description);
const bps = (description: string) => z.number().min(0).max(10_000_000_000).optional().describe(description);
const seconds = (description: string) => z.number().min(0).max(60).optional().describe(description);
const pixels = (description: string) => z.number().int().min(0).max(65_535).optional().describe(description);

/** One track in the window of one sample. A client leaves out what it does not know. */
export const trackSampleSchema = z
  .strictObject({
    direction: z.enum(DIRECTIONS).describe('Whether the client sends or receives the track.'),
    kind: z.enum(MEDIA_KINDS).describe('Kind of media.'),
    source: z.enum(MEDIA_SOURCES).describe('Source of the media.'),
    publisherIdentity: identitySchema
      .optional()
      .describe('Identity of the participant who publishes the track; required for a received track.'),
    muted: flag('Whether the track is muted.'),
    paused: flag('Whether the server has paused a received track because bandwidth is short.'),
    packets: count('Packets in the window: sent; or received and lost together.'),
    packetsLost: count('Packets lost in the window; for a sent track as the server reports it.'),
    jitterSeconds: seconds('Jitter in seconds, 0 to 60.'),
    jitterBufferSeconds: seconds('Delay of the jitter buffer in seconds, 0 to 60.'),
    bitrateBps: bps('Bitrate in bits per second.'),
    framesPerSecond: z.number().min(0).max(1000).optional().describe('Video frames per second, 0 to 1,000.'),
    width: pixels('Width of the video in pixels.'),
    height: pixels('Height of the video in pixels.'),
    wantedHeight: pixels('Height in pixels that the receiver asked the server for.'),
    freezes: count('How often the video froze in the window.'),
    freezeSeconds: seconds('Seconds of the window for which the video was frozen, 0 to 60.'),
    concealedRatio: ratio('Share of the played audio that was concealed, 0 to 1, silence not counted.'),
    droppedFramesRatio: ratio(
      'Share of the received frames that were decoded too late or not at all, 0 to 1.',
    ),
    limitation: z
      .enum(LIMITATIONS)
      .optional()
      .describe('What limits the encoder of a sent video (`qualityLimitationReason` of WebRTC).'),
    codec: z
      .enum(CODECS)
      .optional()
      .describe('Format of the media: the subtype of `mimeType` of WebRTC in lower case, or `other`.'),
  })
  .refine(({ direction, publisherIdentity }) => direction === 'send' || publisherIdentity !== undefined, {
    path: ['publisherIdentity'],
    message: 'is required for a received track',
  });
export type TrackSample = z.output<typeof trackSampleSchema>;

const MAX_TRACKS = 64;
const byteCounter = (description: string) =>
  z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().describe(description);

/** What one connection measured in a window that ended at `measuredAt`. */
export const sampleSchema = z.strictObject({
  measuredAt: momentSchema.describe('End of the window, by the client’s clock.'),
  windowSeconds: z.number().min(0.5).max(60).describe('Length of the window in seconds, 0.5 to 60.'),
  roundTripSeconds: seconds('Round trip to the media server in seconds, 0 to 60.'),
  availableOutgoingBps: bps('Estimated bandwidth for sending, in bits per second.'),
  protocol: z
    .enum(PROTOCOLS)
    .optional()
    .describe('How media reaches the server or the relay: `udp`, `tcp`, or `tls` (over TCP).'),
  candidateType: z.enum(CANDIDATE_TYPES).optional().describe('Type of the selected local ICE candidate.'),
  device: z.enum(DEVICES).optional().describe('Kind of device that the client runs on.'),
  sentBytes: byteCounter(
    'Bytes of media packets that were sent since the connection began, with their headers.',
  ),
  receivedBytes: byteCounter(
    'Bytes of media packets that were received since the connection began, with their headers.',
  ),
  tracks: z
    .array(trackSampleSchema)
    .max(MAX_TRACKS)
    .describe(`All tracks that are sent or received, at most ${MAX_TRACKS}.`),
});
export type Sample = z.output<typeof sampleSchema>;

/** A sample, or null for one with a value that cannot be: it is left out, and does not refuse the others. */
export const anySampleSchema = z.preprocess(
  (value) => (sampleSchema.safeParse(value).success ? value : null),
  sampleSchema.nullable(),
);
