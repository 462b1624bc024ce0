import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

export const previewMade = defineEvent({
  type: 'preview.made',
  description: 'The images of a file were made and stored.',
  payload: z.object({ fileId: idSchema('file').describe('Id of the file.') }),
  example: { fileId: exampleId('file') },
  key: ({ fileId }) => fileId,
  internal: true,
});

export const previewEvents = [previewMade];
