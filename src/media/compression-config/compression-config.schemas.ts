import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { COPY_CODECS, COPY_SSIM } from '../compression/index.ts';
import { COMPRESSION_MODES } from '../network/index.ts';
import { CONFIG_SOURCES } from './compression-config.rules.ts';

const roomId = idSchema('room').describe('Id of the room.');
const userId = idSchema('user').describe('Id of the user.');
export const roomConfigParamsSchema = z.strictObject({ roomId });
export const userConfigParamsSchema = z.strictObject({ userId });

const MODES =
  '`off`: no recommendations. `conservative`: the picture comes first; less is sent only where the network cannot carry ' +
  'more. `adaptive`: a balance. `aggressive`: as few bits as a call can do with.';
const MIN_SEND_BPS = 64_000;
const MAX_SEND_BPS = 10_000_000;
const maxSendBps = z
  .int()
  .min(MIN_SEND_BPS)
  .max(MAX_SEND_BPS)
  .nullable()
  .openapi({ example: 1_200_000 })
  .describe(
    'Bits per second of sound and video that a participant sends at most, 64,000 to 10,000,000; null leaves it to the more general config.',
  );
const mode = z
  .enum(COMPRESSION_MODES)
  .nullable()
  .describe(`How strongly media is compressed; null leaves it to the more general config. ${MODES}`);

const codec = z
  .enum(COPY_CODECS)
  .nullable()
  .describe(
    'What compressed copies of videos are encoded with by default; null leaves it to the more general config.',
  );
const minSsim = z
  .number()
  .min(COPY_SSIM.least)
  .max(COPY_SSIM.most)
  .nullable()
  .openapi({ example: 0.97 })
  .describe(
    'How similar compressed copies of recordings and files must be to their originals by default: mean SSIM, 0.80 to ' +
      '0.995; null leaves it to the more general config.',
  );

export const setConfigSchema = z.strictObject({
  mode,
  maxSendBps,
  codec: codec.default(null),
  minSsim: minSsim.default(null),
});
export type SetConfig = z.output<typeof setConfigSchema>;
export const setConfigExample = {
  mode: 'adaptive',
  maxSendBps: null,
  codec: null,
  minSsim: 0.97,
} satisfies SetConfig;
export const updateConfigSchema = z
  .strictObject({ mode, maxSendBps, codec, minSsim })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateConfig = z.output<typeof updateConfigSchema>;

export const configSchema = z
  .object({
    roomId: roomId.nullable().describe('The room that it is for; null for the organization or a user.'),
    userId: userId.nullable().describe('The user whom it is for; null for the organization or a room.'),
    mode,
    maxSendBps,
    codec,
    minSsim,
    updatedAt: z.iso.datetime().nullable().describe('When it was last set; null when it never was.'),
  })
  .openapi('CompressionConfig', {
    description: 'Settings of compression for an organization, a room or a user.',
  });
export type ConfigView = z.output<typeof configSchema>;
export const configExample: ConfigView = {
  roomId: null,
  userId: null,
  ...setConfigExample,
  updatedAt: '2026-01-05T09:30:00.000Z',
};

export const effectiveConfigQuerySchema = z.strictObject({
  roomId: roomId.optional().describe('The room of the call; without it, the config of no room applies.'),
  userId: userId.optional().describe('The user in the call; by default, the caller.'),
});
export type EffectiveConfigQuery = z.output<typeof effectiveConfigQuerySchema>;
const SOURCES = '`plan` when the plan has no compression, `product` when it is set nowhere.';
export const effectiveConfigSchema = z
  .object({
    mode: z.enum(COMPRESSION_MODES).describe(`How strongly media is compressed. ${MODES}`),
    modeSource: z.enum(CONFIG_SOURCES).describe(`Which config set the mode. ${SOURCES}`),
    maxSendBps: z.int().nullable().describe('Bits per second that are sent at most; null for no limit.'),
    maxSendBpsSource: z.enum(CONFIG_SOURCES).describe(`Which config set the limit. ${SOURCES}`),
    codec: z.enum(COPY_CODECS).describe('What compressed copies of videos are encoded with.'),
    codecSource: z.enum(CONFIG_SOURCES).describe(`Which config set the codec. ${SOURCES}`),
    minSsim: z.number().describe('How similar compressed copies must be to their originals: mean SSIM.'),
    minSsimSource: z.enum(CONFIG_SOURCES).describe(`Which config set that. ${SOURCES}`),
    targetSavingRatio: z
      .number()
      .openapi({ example: 0.8 })
      .describe(
        'Share of the bits that the mode aims to save, 0 to 1: a target. What was saved is measured.',
      ),
  })
  .openapi('EffectiveCompressionConfig', {
    description: 'The settings that apply to a participant, and where they come from.',
  });
export type EffectiveConfigView = z.output<typeof effectiveConfigSchema>;
export const effectiveConfigExample: EffectiveConfigView = {
  mode: 'adaptive',
  modeSource: 'organization',
  maxSendBps: null,
  maxSendBpsSource: 'product',
  codec: 'av1',
  codecSource: 'product',
  minSsim: 0.97,
  minSsimSource: 'organization',
  targetSavingRatio: 0.8,
};
