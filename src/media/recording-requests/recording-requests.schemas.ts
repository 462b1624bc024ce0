import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { recordingKindSchema } from '../recordings/index.ts';

const trackSid = z
  .string()
  .max(64)
  .regex(/^TR_[A-Za-z0-9_]+$/, 'must be the id of a track');

export const startRecordingSchema = z
  .strictObject({
    kind: recordingKindSchema.default('composite'),
    identity: identitySchema
      .optional()
      .describe('Identity of the connected participant who is recorded, for the kind `participant` only.'),
    trackSid: trackSid
      .optional()
      .describe('Id of the track at the media server that is recorded, for the kind `track` only.'),
    bucketId: idSchema('bucket')
      .optional()
      .describe(
        'Bucket of the organization that it is stored in; its last test must have succeeded. By default, the oldest ' +
          'bucket whose last test succeeded; for an organization without buckets, the storage of the product.',
      ),
    retentionSeconds: z
      .int()
      .min(86_400)
      .max(315_360_000)
      .optional()
      .describe('Seconds after which its file is deleted, from a day to ten years; absent to keep it.'),
  })
  .refine(({ kind: each, identity: of }) => (each === 'participant') === (of !== undefined), {
    path: ['identity'],
    message: 'belongs to the kind participant, and to no other',
  })
  .refine(({ kind: each, trackSid: of }) => (each === 'track') === (of !== undefined), {
    path: ['trackSid'],
    message: 'belongs to the kind track, and to no other',
  });
export type StartRecording = z.output<typeof startRecordingSchema>;
