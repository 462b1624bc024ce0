import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';

const bps = z.number().int().nonnegative();
const framesPerSecond = z.number().int().min(0).max(60).describe('Frames per second at most.');
/** How to send: what `media.recommended` carries. */
export const sendRecommendationSchema = z
  .object({
    recommendationId: idSchema('recommendation').describe('Names the recommendation in `media.followed`.'),
    audio: z
      .object({
        maxBps: bps.describe('Bits per second of the sound at most.'),
        fec: z.boolean().describe('Whether the codec repairs single losses (in-band FEC of Opus).'),
        dtx: z.boolean().describe('Whether silence is not sent.'),
        red: z.boolean().describe('Whether each packet repeats the one before.'),
      })
      .describe('Settings for sending sound.'),
    video: z
      .object({
        codec: z
          .enum(['vp8', 'vp9', 'av1', 'h264'])
          .describe('Codec of video that is published from now on; a running video keeps its codec.'),
        scalabilityMode: z
          .string()
          .max(16)
          .nullable()
          .describe(
            'Layers of one encoding, such as `L2T2_KEY`; null for a codec whose layers are encodings of their own.',
          ),
        maxBps: bps.describe('Bits per second of the video at most, all layers together.'),
        framesPerSecond,
        layers: z
          .array(
            z.object({
              height: z.number().int().positive().describe('Height in pixels.'),
              maxBps: bps.describe('Bits per second at most.'),
              framesPerSecond,
            }),
          )
          .min(1)
          .max(3)
          .describe('From the smallest to the largest.'),
      })
      .nullable()
      .describe('Settings for sending the camera; null when only sound should be sent.'),
  })
  .openapi('SendRecommendation')
  .describe(
    'Recommended settings for sending in the current network. Answer with `media.followed`; the latest ' +
      'recommendation counts.',
  );
