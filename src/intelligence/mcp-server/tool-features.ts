import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Ctx } from '../../kernel/context/index.ts';
import type { Dispatch } from '../../platform/http/index.ts';
import { callTool, inputOf, mayCall, type Tool, type ToolResult } from '../../platform/tools/index.ts';
import type { McpFeatures, ToolDefinition } from './features.ts';

/** One request to the server, and a way to call operations in the name of its caller. */
export interface McpCaller {
  ctx: Ctx;
  request: Request;
  dispatch: Dispatch;
}

const isIdempotent = ({ risk, route: { method } }: Tool) => risk === 'read' || method !== 'post';

/** A tool as the protocol lists it. */
export const presentTool = (tool: Tool): ToolDefinition => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: inputOf(tool).schema as ToolDefinition['inputSchema'],
  annotations: {
    title: tool.title,
    readOnlyHint: tool.risk === 'read',
    destructiveHint: tool.risk === 'destructive',
    idempotentHint: isIdempotent(tool),
    // It acts only on the organization's data here.
    openWorldHint: false,
  },
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A result as the protocol gives it: the text for the model, the same as JSON for its program. */
export const presentResult = ({ failed, text, json }: ToolResult): CallToolResult => ({
  content: [{ type: 'text', text: text === '' ? 'Done.' : text }],
  ...(isObject(json) ? { structuredContent: json } : {}),
  ...(failed ? { isError: true } : {}),
});

/** The tools that the caller may call, and their calls. Any other tool is answered as one that does not exist. */
export function createToolFeatures(
  tools: readonly Tool[],
  { ctx, request, dispatch }: McpCaller,
): McpFeatures {
  return {
    tools: () => tools.filter((tool) => mayCall(ctx.actor, tool)).map(presentTool),
    async callTool(name, args) {
      const tool = tools.find((each) => each.name === name);
      if (!tool || !mayCall(ctx.actor, tool)) return undefined;
      return presentResult(await callTool(ctx, { tool, args, request, dispatch }));
    },
  };
}
