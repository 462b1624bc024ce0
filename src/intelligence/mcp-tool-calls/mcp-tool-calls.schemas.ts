import { z } from '@hono/zod-openapi';
import { toolNameSchema } from '../mcp-connections/index.ts';
import { USAGE_DAYS } from './mcp-tool-calls.rules.ts';

const anyObject = z.record(z.string(), z.unknown());

export const callToolSchema = z.strictObject({
  tool: toolNameSchema,
  arguments: anyObject.default({}).describe('Arguments of the tool, according to its schema.'),
});
export const callResultSchema = z
  .object({
    content: z.array(anyObject).describe('The answer of the tool, part by part, as the protocol defines it.'),
    structuredContent: anyObject.nullable().describe('The answer as JSON; null when the tool returns none.'),
    isError: z.boolean().describe('Whether the tool reports a failure.'),
  })
  .openapi('McpCallResult');

export const usageQuerySchema = z.strictObject({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(USAGE_DAYS)
    .default(30)
    .openapi({ description: `Number of days to count, 1 to ${USAGE_DAYS}; default 30.`, example: 30 }),
});
export const connectionUsageSchema = z
  .object({
    startsAt: z.iso.datetime().describe('Calls are counted since then.'),
    data: z
      .array(
        z.object({
          tool: z.string().describe('Name of the tool.'),
          calls: z.number().int().describe('Number of all calls.'),
          toolFailures: z.number().int().describe('Calls that the tool answered with an error.'),
          failures: z.number().int().describe('Calls that the tool did not answer.'),
          averageSeconds: z.number().describe('Average duration of a call.'),
          p95Seconds: z.number().describe('95th percentile of the durations of calls.'),
        }),
      )
      .describe('The calls by tool.'),
  })
  .openapi('McpConnectionUsage');
