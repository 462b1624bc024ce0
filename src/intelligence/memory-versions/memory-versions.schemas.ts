import { z } from '@hono/zod-openapi';

export const memoryVersionsSchema = z
  .object({
    data: z
      .array(
        z.object({
          version: z.int().describe('The version of the memory that said it.'),
          content: z.string().describe('What it said.'),
          correctedBy: z.string().describe('The user or API key that replaced it.'),
          correctedAt: z.iso.datetime().describe('When it was replaced.'),
        }),
      )
      .describe('What the memory said before, the newest first.'),
  })
  .openapi('MemoryVersions');
