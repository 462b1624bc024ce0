import type { z } from '@hono/zod-openapi';

/** The JSON object in an answer, which models often surround with words; undefined if none matches the schema. */
export function readJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  try {
    return schema.safeParse(JSON.parse(text.slice(start, end + 1))).data;
  } catch {
    return undefined;
  }
}
