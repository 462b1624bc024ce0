import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import type { Tool } from '../../platform/tools/index.ts';
import { buildServer } from './build-server.ts';
import type { FeatureSource, McpFeatures } from './features.ts';
import { requireOwnAddress } from './origins.rules.ts';
import { promptFeatures } from './prompts.ts';
import { createResourceFeatures } from './resources.ts';
import { serveWithSession } from './serve-session.ts';
import type { McpServerDefinition } from './servers.ts';
import { createToolFeatures, type McpCaller } from './tool-features.ts';

/** Arguments of a tool are texts and settings; files have routes of their own. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const LIMITS = { maxRequestBodySize: MAX_MESSAGE_BYTES };

/** The features of a server for the caller, beside its tools. */
async function createOtherFeatures(
  caller: McpCaller,
  tools: readonly Tool[],
  sources: readonly FeatureSource[],
): Promise<McpFeatures[]> {
  const others = await Promise.all(sources.map((source) => source(caller.ctx)));
  return [
    createResourceFeatures(tools, caller),
    promptFeatures,
    ...others.filter((each) => each !== undefined),
  ];
}

/**
 * Answers one message of an MCP client with a server of its own, for the caller's credential, at any of the addresses.
 * @throws AppError `mcp.origin_refused` or `mcp.host_refused`
 */
export async function serveMcp(
  caller: McpCaller,
  definition: McpServerDefinition,
  tools: readonly Tool[],
  sources: readonly FeatureSource[],
): Promise<Response> {
  const { ctx, request } = caller;
  const { PUBLIC_URL, CORS_ORIGINS } = ctx.config;
  requireOwnAddress(request, new URL(PUBLIC_URL), CORS_ORIGINS);
  const others = definition.tools ? [] : await createOtherFeatures(caller, tools, sources);
  const features = [createToolFeatures(tools, caller), ...others];
  const build = () => buildServer(definition, features);
  // Only the name: the message of a syntax error quotes the input.
  const onerror = ({ name }: Error) =>
    ctx.log.info('mcp.message_failed', { requestId: ctx.origin.requestId, error: name });
  const handler = createMcpHandler(build, { ...LIMITS, onerror });
  const serveAlone = (alone: Request) => handler.fetch(alone);
  // Servers with few tools ask nothing, and need no session.
  if (!definition.tools && (await isLegacyRequest(request, undefined, LIMITS)))
    return serveWithSession({ ctx, maxBytes: MAX_MESSAGE_BYTES, build, serveAlone, onerror }, request);
  return serveAlone(request);
}
