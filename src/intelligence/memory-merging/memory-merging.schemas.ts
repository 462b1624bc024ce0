import { z } from '@hono/zod-openapi';
import { memoryIdSchema } from '../memory/index.ts';

export const mergeMemorySchema = z.strictObject({
  into: memoryIdSchema.describe('The memory that is kept, of the same person, room or organization.'),
});
