import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { STREAM_LAYOUTS } from './streams.enums.ts';
import {
  addressOf,
  MAX_TARGETS,
  newTargetSchema,
  protocolOf,
  reportedForm,
} from '../stream-targets/index.ts';

export const layoutSchema = z
  .enum(STREAM_LAYOUTS)
  .describe(
    '`grid`: all participants at the same size. `speaker`: the speaking participant large, the others beside. ' +
      '`single-speaker`: only the speaking participant.',
  );
export const segmentSecondsSchema = z.int().min(2).max(10);

export const startStreamSchema = z
  .strictObject({
    layout: layoutSchema.default('grid'),
    targets: z
      .array(newTargetSchema)
      .max(MAX_TARGETS)
      .default([])
      .describe('Where it is sent, up to 8 addresses; all by RTMP, or all by SRT.'),
    segments: z
      .strictObject({
        bucketId: idSchema('bucket').describe(
          'Bucket of the organization that they are written to; its last test must have succeeded.',
        ),
        segmentSeconds: segmentSecondsSchema.default(4).describe('Length of a segment in seconds, 2 to 10.'),
      })
      .optional()
      .describe('Writes HLS segments with their playlists to a bucket; absent: none.'),
  })
  .refine(({ targets, segments }) => targets.length > 0 || segments !== undefined, {
    path: ['targets'],
    message: 'must not be empty without segments',
  })
  .refine(({ targets }) => new Set(targets.map(protocolOf)).size <= 1, {
    path: ['targets'],
    message: 'must be all RTMP, or all SRT',
  })
  .refine(
    ({ targets }) => new Set(targets.map((each) => reportedForm(addressOf(each)))).size === targets.length,
    { path: ['targets'], message: 'must not have an address twice' },
  );
export type StartStream = z.output<typeof startStreamSchema>;
