import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { checkRange, rangeExample, rangeFields, rangeSchema } from '../rollups/index.ts';

export const statsQuerySchema = z.strictObject(rangeFields).superRefine(checkRange);
export type StatsQuery = z.output<typeof statsQuerySchema>;
export const savingsQuerySchema = z
  .strictObject({
    ...rangeFields,
    callId: idSchema('call')
      .optional()
      .describe('Only files that were shared during this call, and its recordings.'),
  })
  .superRefine(checkRange);
export type SavingsQuery = z.output<typeof savingsQuerySchema>;

const count = (what: string) => z.int().min(0).describe(what);
const bytes = (what: string) => z.int().min(0).describe(`${what} in bytes.`);
const ratio = (what: string) => z.number().nullable().describe(`${what}, 0 to 1; null when there are none.`);
const range = rangeSchema.describe('The range of the figures, and the period before it.');

const presetSchema = z
  .object({
    preset: z
      .string()
      .nullable()
      .describe('Preset or effort of the encoder; null for compressions from before it was recorded.'),
    measured: count(
      'Copies that were decoded and compared with their original, including those that were not kept.',
    ),
    meanSsim: z.number().describe('Mean of their SSIM; 1 is equal.'),
    lowestSsim: z.number().describe('SSIM of the worst frame of all.'),
    copyRatio: ratio('Bytes of the copies by bytes of the originals'),
    meanCpuSeconds: z
      .number()
      .describe('Mean processor time of search, encoding and comparison, in seconds.'),
    p95CpuSeconds: z.number().describe('Processor time in seconds that 95 % of them stayed within.'),
    cpuSecondsPerMediaSecond: z
      .number()
      .nullable()
      .describe('Processor time for each second of video; null for pictures.'),
    meanElapsedSeconds: z
      .number()
      .describe('Mean time from the request to the end, with all waiting, in seconds.'),
  })
  .openapi('EncoderPresetPerformance');

export const encoderPerformanceSchema = z
  .object({
    range,
    data: z
      .array(
        z.object({
          codec: z.string().describe('The encoder: `svt-av1`, `x264`, `avif` or `webp`.'),
          ended: count('Compressions that ended, without cancelled ones.'),
          replaced: count('Compressions whose copy replaced the original.'),
          kept: z
            .object({
              notSmaller: count('No copy was smaller.'),
              qualityNotReached: count('The copy was less similar than required.'),
              copyDiffers: count('The copy had another duration or other streams.'),
            })
            .describe('Compressions whose original was kept, by the reason.'),
          failed: count('Those that failed.'),
          successRatio: ratio('Share of those that did not fail'),
          replacedRatio: ratio('Share of those whose copy replaced the original'),
          presets: z.array(presetSchema).describe('The measurements by preset; empty when there are none.'),
        }),
      )
      .describe('Encoders with a compression in the range.'),
  })
  .openapi('EncoderPerformance');
export type EncoderPerformanceView = z.output<typeof encoderPerformanceSchema>;

const savingFields = {
  files: count('Files and recordings whose bytes a smaller copy replaced.'),
  originalBytes: bytes('Size of their originals'),
  copyBytes: bytes('Size of the copies'),
  savedBytes: bytes('Originals less copies'),
  savedRatio: ratio('Share of the originals that was saved'),
};
const savingsSchema = z.object(savingFields).openapi('BandwidthSaved');
export const bandwidthSavingsSchema = z
  .object({
    range,
    current: savingsSchema.describe('The range.'),
    previous: savingsSchema.describe('The period before the range.'),
    data: z
      .array(
        z.object({ day: z.iso.date().describe('The day in the time zone of the range.'), ...savingFields }),
      )
      .describe('Days on which something was saved, in order.'),
  })
  .openapi('BandwidthSavings');
export type BandwidthSavingsView = z.output<typeof bandwidthSavingsSchema>;

const grades = (limits: string, unknown: string) =>
  z
    .object({
      excellent: count('How many were excellent.'),
      good: count('How many were good.'),
      fair: count('How many were fair.'),
      poor: count('How many were poor.'),
      unknown: count(unknown),
    })
    .describe(limits);
export const qualityDistributionSchema = z
  .object({
    range,
    copies: grades(
      'Copies that replaced the bytes of a file or recording, by SSIM: from 0.98, 0.95, 0.90, or less.',
      'Number that was not measured: always 0, because a copy is kept only after measuring it.',
    ),
    networks: grades(
      'Networks for which a recommendation was made, by the forecast of bandwidth, loss and round trip at that ' +
        'time.',
      'Number without bandwidth, loss and round trip.',
    ),
    participations: grades(
      'Participants of calls that ended, by the mean opinion score of what they received: from 4.3, 4.0, 3.6, or less.',
      'Number with too few measurements for a score.',
    ),
  })
  .openapi('QualityDistribution');
export type QualityDistributionView = z.output<typeof qualityDistributionSchema>;

export const encoderPerformanceExample: EncoderPerformanceView = {
  range: rangeExample,
  data: [
    {
      codec: 'svt-av1',
      ended: 40,
      replaced: 36,
      kept: { notSmaller: 2, qualityNotReached: 1, copyDiffers: 0 },
      failed: 1,
      successRatio: 0.975,
      replacedRatio: 0.9,
      presets: [
        {
          preset: '6',
          measured: 39,
          meanSsim: 0.9634,
          lowestSsim: 0.9012,
          copyRatio: 0.4312,
          meanCpuSeconds: 210.4,
          p95CpuSeconds: 1_204.7,
          cpuSecondsPerMediaSecond: 1.7204,
          meanElapsedSeconds: 184.2,
        },
      ],
    },
  ],
};
const saved = {
  files: 36,
  originalBytes: 4_800_000_000,
  copyBytes: 2_064_000_000,
  savedBytes: 2_736_000_000,
  savedRatio: 0.57,
};
export const bandwidthSavingsExample: BandwidthSavingsView = {
  range: rangeExample,
  current: saved,
  previous: { files: 0, originalBytes: 0, copyBytes: 0, savedBytes: 0, savedRatio: null },
  data: [{ day: '2026-01-05', ...saved }],
};
export const qualityDistributionExample: QualityDistributionView = {
  range: rangeExample,
  copies: { excellent: 4, good: 30, fair: 2, poor: 0, unknown: 0 },
  networks: { excellent: 20, good: 41, fair: 12, poor: 3, unknown: 1 },
  participations: { excellent: 800, good: 310, fair: 90, poor: 40, unknown: 70 },
};
