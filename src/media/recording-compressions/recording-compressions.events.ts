import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

export const recordingCompressionRequested = defineEvent({
  type: 'recording.compression_requested',
  description:
    'A compression of a recording was requested, by a person or by the setting of the organization.',
  payload: z.object({ compressionId: idSchema('compression').describe('Id of the compression.') }),
  example: { compressionId: exampleId('compression') },
  key: ({ compressionId }) => compressionId,
  internal: true,
});
