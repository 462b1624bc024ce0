import { z } from '@hono/zod-openapi';

export const memoryVersionsSchema = z
  .object({
    data: z
      .array(
        z.object({
          version: z.int().describe('The version of the memory with this text.'),
          content: z.string().describe('The text of this version.'),
          correctedBy: z.string().describe('The user or API key that replaced it.'),
          correctedAt: z.iso.datetime().describe('When it was replaced.'),
        }),
      )
      .describe('The earlier versions, the newest first.'),
  })
  .openapi('MemoryVersions');
