import { z } from '@hono/zod-openapi';

const MAX_ENTRIES = 50;

/** Values that a customer keeps with a resource; we store and return them, and read nothing in them. */
export const metadataSchema = z
  .record(z.string().max(64), z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine((value) => Object.keys(value).length <= MAX_ENTRIES, `must have at most ${MAX_ENTRIES} entries`)
  .openapi({
    description:
      `Custom metadata: at most ${MAX_ENTRIES} entries; keys of up to 64 characters; strings of up to 1,000 characters, ` +
      'numbers or booleans.',
  });
