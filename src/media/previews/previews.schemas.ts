import { z } from '@hono/zod-openapi';
import { fileIdSchema } from '../files/index.ts';

export const previewParamsSchema = z.strictObject({
  fileId: fileIdSchema.describe('The file.'),
  name: z
    .string()
    .max(40)
    .regex(/^[\w.-]+$/, 'must be the name of an image')
    .openapi({ example: 'large.webp' })
    .describe('Which image, by its name in `preview.images` of the file.'),
});
