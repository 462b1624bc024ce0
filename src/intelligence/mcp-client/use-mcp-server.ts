import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { VERSION } from '../../kernel/core/index.ts';
import type { Outgoing } from '../../platform/outgoing/index.ts';
import { createOutgoingFetch, REQUEST_LIMIT_MS } from './outgoing-fetch.ts';
import { boundText, boundTools, type McpTool } from './tools.rules.ts';

export interface McpServerAddress {
  url: string;
  /** The credential that each request carries. */
  headers: Readonly<Record<string, string>>;
}

export interface McpCallResult {
  content: Record<string, unknown>[];
  structuredContent: Record<string, unknown> | null;
  isError: boolean;
}

/** A connected server, for a few requests. */
export interface McpSession {
  serverName: string;
  protocolVersion: string;
  listTools(): Promise<McpTool[]>;
  callTool(name: string, args: Readonly<Record<string, unknown>>): Promise<McpCallResult>;
}

const MAX_PAGES = 20;
/** How long a server may take to list its tools, all pages together. */
const LIST_LIMIT_MS = 30_000;

/** External schemas are passed on and never evaluated: an expression in one could take unlimited time. */
const NO_VALIDATOR = {
  getValidator: () => (data: unknown) => ({
    valid: true as const,
    data: data as never,
    errorMessage: undefined,
  }),
};

const createSession = (client: Client): McpSession => ({
  serverName: boundText(client.getServerVersion()?.name ?? '', 200),
  protocolVersion: client.getNegotiatedProtocolVersion() ?? '',
  // Without a cursor the library reads all pages.
  listTools: async () =>
    boundTools((await client.listTools({}, { signal: AbortSignal.timeout(LIST_LIMIT_MS) })).tools),
  async callTool(name, args) {
    const result = await client.callTool({ name, arguments: args }, { timeout: REQUEST_LIMIT_MS });
    return {
      content: result.content,
      structuredContent: (result.structuredContent as Record<string, unknown> | undefined) ?? null,
      isError: result.isError === true,
    };
  },
});

/**
 * Connects to an MCP server, in the newest version of the protocol that both support, while `work` runs.
 * @throws AppError `outgoing.*`, `AuthorizationWanted`, or what the library throws when the server does not answer as
 * one
 */
export async function useMcpServer<T>(
  outgoing: Outgoing,
  { url, headers }: McpServerAddress,
  work: (session: McpSession) => Promise<T>,
): Promise<T> {
  const { fetch, refusal, wanted } = createOutgoingFetch(outgoing);
  const client = new Client(
    { name: 'auralink', version: VERSION },
    { versionNegotiation: { mode: 'auto' }, jsonSchemaValidator: NO_VALIDATOR, listMaxPages: MAX_PAGES },
  );
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch,
    requestInit: { headers: { ...headers } },
  });
  try {
    await client.connect(transport, { timeout: REQUEST_LIMIT_MS });
    return await work(createSession(client));
  } catch (error) {
    throw refusal() ?? wanted() ?? error;
  } finally {
    await client.close();
  }
}
