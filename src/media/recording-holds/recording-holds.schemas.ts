import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../kernel/core/index.ts';

export const holdRecordingSchema = z.strictObject({
  reason: lineSchema(500).describe('Why it is held, 1 to 500 characters.'),
});
