import {
  mergeCapabilities,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  type ServerCapabilities,
} from '@modelcontextprotocol/server';
import { VERSION } from '../../kernel/core/index.ts';
import type { McpFeatures } from './features.ts';
import type { McpServerDefinition } from './servers.ts';

/** The first answer that is not undefined. */
async function firstOf<T>(
  features: readonly McpFeatures[],
  ask: (each: McpFeatures) => Promise<T | undefined> | undefined,
): Promise<T | undefined> {
  for (const each of features) {
    const answer = await ask(each);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

const notFound = (what: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, what);

function serveTools(server: Server, features: readonly McpFeatures[]): void {
  server.setRequestHandler('tools/list', () => ({
    tools: features.flatMap((each) => each.tools?.() ?? []),
  }));
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: args = {} } }, context) => {
    const result = await firstOf(features, (each) => each.callTool?.(name, args, context));
    if (!result) throw notFound(`Unknown tool: ${name}`);
    return result;
  });
}

function serveResources(server: Server, features: readonly McpFeatures[]): void {
  server.setRequestHandler('resources/list', async ({ params }) => {
    const pages = await Promise.all(features.map(async (each) => each.resources?.(params?.cursor)));
    const nextCursor = pages.find((page) => page?.nextCursor !== undefined)?.nextCursor;
    return {
      resources: pages.flatMap((page) => page?.items ?? []),
      ...(nextCursor === undefined ? {} : { nextCursor }),
    };
  });
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: features.flatMap((each) => each.resourceTemplates?.() ?? []),
  }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }) => {
    const result = await firstOf(features, (each) => each.readResource?.(uri));
    if (!result) throw new ResourceNotFoundError(uri);
    return result;
  });
}

function servePrompts(server: Server, features: readonly McpFeatures[]): void {
  server.setRequestHandler('prompts/list', () => ({
    prompts: features.flatMap((each) => each.prompts?.() ?? []),
  }));
  server.setRequestHandler('prompts/get', async ({ params: { name, arguments: args = {} } }, context) => {
    const result = await firstOf(features, (each) => each.getPrompt?.(name, args, context));
    if (!result) throw notFound(`Unknown prompt: ${name}`);
    return result;
  });
}

/** The server for one request, which offers these features to the caller for whom they were made. */
export function buildServer(
  { name, title, instructions, tools }: McpServerDefinition,
  features: readonly McpFeatures[],
): Server {
  const isWhole = tools === undefined;
  const base: ServerCapabilities = { tools: {}, ...(isWhole ? { resources: {}, prompts: {} } : {}) };
  const capabilities = features.reduce((all, each) => mergeCapabilities(all, each.capabilities ?? {}), base);
  const verifier = features.find((each) => each.verifyState);
  const server = new Server(
    { name, title, version: VERSION },
    {
      capabilities,
      instructions,
      ...(verifier ? { requestState: { verify: verifier.verifyState! } } : {}),
    },
  );
  serveTools(server, features);
  if (isWhole) {
    serveResources(server, features);
    servePrompts(server, features);
  }
  for (const each of features) each.extend?.(server);
  return server;
}
