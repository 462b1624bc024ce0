import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageSchema } from '../../kernel/core/index.ts';
import { COPY_CODECS, COPY_SSIM, KEPT_REASONS } from '../compression/index.ts';
import { fileIdSchema } from '../files/index.ts';
import { COMPRESSION_REASONS, COMPRESSION_STATES, PICTURE_FORMATS } from './file-compressions.enums.ts';

const compressionId = idSchema('compression');
export const fileCompressionParamsSchema = z.strictObject({
  fileId: fileIdSchema.describe('The file.'),
  compressionId: compressionId.describe('The compression.'),
});

const minSsim = z.number().min(COPY_SSIM.least).max(COPY_SSIM.most);
export const compressFileSchema = z.strictObject({
  codec: z
    .enum(COPY_CODECS)
    .optional()
    .describe(
      'What a video is encoded with: `av1`, with Opus, is the smallest; `h264`, with AAC, plays everywhere. Default: that of the compression config.',
    ),
  pictureFormat: z
    .enum(PICTURE_FORMATS)
    .optional()
    .describe(
      'What a picture becomes: `avif` is the smallest; `webp`, about twice as large, is for programs that cannot show AVIF. Default: `avif`.',
    ),
  minSsim: minSsim
    .optional()
    .describe(
      'How similar the copy must be to the original, as the mean SSIM of brightness over all frames, from 0.80 to 0.995. ' +
        'Default: that of the compression config.',
    ),
});
export type CompressFile = z.output<typeof compressFileSchema>;

const bytes = (what: string) => z.int().min(0).describe(`${what} in bytes.`);
const figuresSchema = z
  .object({
    copyBytes: bytes('Size of the copy, even if it was not kept; 0 when there was none,'),
    codec: z.string().describe('What made the copy: `svt-av1`, `x264`, `avif` or `webp`.'),
    preset: z.string().optional().describe('Its preset or effort; missing where it was not recorded yet.'),
    ssim: z.number().describe('Mean SSIM of brightness over all frames; 1 is equal.'),
    lowestSsim: z.number().describe('SSIM of the worst frame.'),
    xpsnrDb: z.number().describe('XPSNR of brightness in decibels.'),
    framesCompared: z.int().describe('How many frames were compared.'),
    durationSeconds: z.number().min(0).describe('Duration in seconds; 0 for a picture.'),
    width: z.int().describe('Width in pixels.'),
    height: z.int().describe('Height in pixels.'),
    cpuSeconds: z.number().describe('Seconds of processor time that search, encoding and comparison took.'),
  })
  .openapi('CompressionMeasurement');

const moment = z.iso.datetime();
export const fileCompressionSchema = z
  .object({
    id: compressionId.describe('Id of the compression.'),
    fileId: fileIdSchema.describe('The file.'),
    state: z
      .enum(COMPRESSION_STATES)
      .describe(
        '`requested`, `running` and `verifying` while it works. `ready`: the copy replaced the original. `kept`: no copy ' +
          'was both smaller and similar enough, so the original stays. `failed` and `cancelled`: the original stays.',
      ),
    reason: z
      .enum(COMPRESSION_REASONS)
      .nullable()
      .describe(
        `Why it is in this state; null when the state explains itself. Kept: ${KEPT_REASONS.map((each) => `\`${each}\``).join(', ')}. ` +
          'Failed: `refused` (the content cannot be read or is of a kind that is not compressed), `too_long`, `given_up`, ' +
          '`service_unavailable`. Cancelled: `requested`, `file_gone`, `organization_deleted`.',
      ),
    detail: z.string().nullable().describe('What the service said about it; null when it said nothing.'),
    progress: z.int().min(0).max(100).describe('Progress in percent; it never decreases.'),
    codec: z.enum(COPY_CODECS).nullable().describe('What a video is encoded with; null for a picture.'),
    pictureFormat: z.enum(PICTURE_FORMATS).nullable().describe('What a picture becomes; null for a video.'),
    minSsim: z.number().describe('How similar the copy must be to the original.'),
    originalBytes: bytes('Size of the original'),
    originalType: z.string().describe('Media type of the original.'),
    copyBytes: z
      .int()
      .nullable()
      .describe('Size in bytes of the copy that replaced the original; null without one.'),
    copyType: z
      .string()
      .nullable()
      .describe('Media type of the copy that replaced the original; null without one.'),
    measurement: z
      .union([figuresSchema, z.null()])
      .describe(
        'Measurements of the copy against the original; null before they were made, and when the compression failed.',
      ),
    requestedBy: z
      .string()
      .nullable()
      .describe('The user or API key that asked for it; null when the setting of the organization did.'),
    createdAt: moment.describe('When it was requested.'),
    updatedAt: moment.describe('When it last changed.'),
    endedAt: moment.nullable().describe('When it ended; null before.'),
  })
  .openapi('FileCompression');
export type FileCompressionView = z.output<typeof fileCompressionSchema>;
export const fileCompressionPageSchema = pageSchema(fileCompressionSchema).openapi('FileCompressionPage');

export const fileCompressionExample: FileCompressionView = {
  id: exampleId('compression'),
  fileId: exampleId('file'),
  state: 'ready',
  reason: null,
  detail: null,
  progress: 100,
  codec: 'av1',
  pictureFormat: null,
  minSsim: 0.96,
  originalBytes: 48_210_944,
  originalType: 'video/mp4',
  copyBytes: 20_480_118,
  copyType: 'video/mp4',
  measurement: {
    copyBytes: 20_480_118,
    codec: 'svt-av1',
    preset: '6',
    ssim: 0.9612,
    lowestSsim: 0.9204,
    xpsnrDb: 38.4,
    framesCompared: 54_126,
    durationSeconds: 1_804.2,
    width: 1280,
    height: 720,
    cpuSeconds: 3_105.5,
  },
  requestedBy: exampleId('user'),
  createdAt: '2026-01-05T10:30:00.000Z',
  updatedAt: '2026-01-05T11:02:00.000Z',
  endedAt: '2026-01-05T11:02:00.000Z',
};
