import {
  type CallToolResult,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Timers } from '../../kernel/core/index.ts';
import { capabilitiesOf, image, resultOf, text, textResult, WAV } from './samples.ts';

/** A tool of the suite, which prescribes its name and its answer. */
export type ConformanceTool = (
  args: Readonly<Record<string, unknown>>,
  context: ServerContext,
) => CallToolResult | Promise<CallToolResult>;

const STEP_MS = 50;

const embedded = (uri: string, mimeType: string, content: string) =>
  ({ type: 'resource', resource: { uri, mimeType, text: content } }) as const;

const contentTools: Readonly<Record<string, ConformanceTool>> = {
  test_simple_text: () => textResult('This is a simple text response for testing.'),
  test_image_content: () => resultOf(image),
  test_audio_content: () => resultOf({ type: 'audio', data: WAV, mimeType: 'audio/wav' }),
  test_embedded_resource: () =>
    resultOf(embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')),
  test_multiple_content_types: () =>
    resultOf(
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ),
  test_error_handling: () => ({
    ...textResult('This tool intentionally returns an error for testing'),
    isError: true,
  }),
  test_missing_capability: (_args, context) => {
    if (!capabilitiesOf(context).sampling)
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return textResult('The client can sample.');
  },
};

async function logSteps({ mcpReq }: ServerContext, { sleep }: Timers): Promise<CallToolResult> {
  await mcpReq.log('info', 'Tool execution started');
  await sleep(STEP_MS);
  await mcpReq.log('info', 'Tool processing data');
  await sleep(STEP_MS);
  await mcpReq.log('info', 'Tool execution completed');
  return textResult('Three messages were logged.');
}

async function reportSteps({ mcpReq }: ServerContext, { sleep }: Timers): Promise<CallToolResult> {
  const progressToken = mcpReq._meta?.progressToken;
  for (const progress of [0, 50, 100]) {
    if (progress > 0) await sleep(STEP_MS);
    if (progressToken !== undefined)
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress, total: 100 },
      });
  }
  return textResult('Three steps were reported.');
}

/** Tools that answer at once, or after a few messages to the client. */
export const createPlainTools = (timers: Timers): Readonly<Record<string, ConformanceTool>> => ({
  ...contentTools,
  test_tool_with_logging: (_args, context) => logSteps(context, timers),
  test_logging_tool: (_args, context) => logSteps(context, timers),
  test_tool_with_progress: (_args, context) => reportSteps(context, timers),
});
