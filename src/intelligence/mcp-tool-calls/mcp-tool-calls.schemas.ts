import { z } from '@hono/zod-openapi';
import { toolNameSchema } from '../mcp-connections/index.ts';
import { USAGE_DAYS } from './mcp-tool-calls.rules.ts';

const anyObject = z.record(z.string(), z.unknown());

export const callToolSchema = z.strictObject({
  tool: toolNameSchema,
  arguments: anyObject.default({}).describe('Arguments of the tool, as its schema says.'),
});
export const callResultSchema = z
  .object({
    content: z.array(anyObject).describe('What the tool answered, part by part, as the protocol defines it.'),
    structuredContent: anyObject.nullable().describe('The answer as JSON; null when the tool gives none.'),
    isError: z.boolean().describe('Whether the tool says that it has failed.'),
  })
  .openapi('McpCallResult');

export const usageQuerySchema = z.strictObject({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(USAGE_DAYS)
    .default(30)
    .openapi({ description: `Days to count, 1 to ${USAGE_DAYS}; default 30.`, example: 30 }),
});
export const connectionUsageSchema = z
  .object({
    startsAt: z.iso.datetime().describe('Since when calls are counted.'),
    data: z
      .array(
        z.object({
          tool: z.string().describe('Name of the tool.'),
          calls: z.number().int().describe('Calls, whatever came of them.'),
          toolFailures: z.number().int().describe('Of these, those that the tool answered with an error.'),
          failures: z.number().int().describe('Of these, those without an answer of the tool.'),
          averageSeconds: z.number().describe('How long a call took on average.'),
          p95Seconds: z.number().describe('How long all but the slowest twentieth took at most.'),
        }),
      )
      .describe('The calls by tool.'),
  })
  .openapi('McpConnectionUsage');
