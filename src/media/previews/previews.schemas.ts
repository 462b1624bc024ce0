import { z } from '@hono/zod-openapi';
import { fileIdSchema, PREVIEW_IMAGES } from '../files/index.ts';

export const previewParamsSchema = z.strictObject({
  fileId: fileIdSchema.describe('The file.'),
  name: z.enum(PREVIEW_IMAGES).describe('Which image, by its name in `preview.images` of the file.'),
});
