import { Client, type ClientCapabilities, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { TestApp } from './app.ts';

/** The versions of the protocol that the server speaks, each as its client asks for it. */
export const MCP_VERSIONS = ['2025-11-25', '2026-07-28'] as const;
export type McpVersion = (typeof MCP_VERSIONS)[number];

export interface McpClientOptions {
  version?: McpVersion;
  headers?: Record<string, string>;
  path?: string;
  capabilities?: ClientCapabilities;
}

/** A client of the official library that is connected to the product's MCP server with this credential. */
export async function connectMcp(
  { app }: Pick<TestApp, 'app'>,
  token: string,
  { version = '2026-07-28', headers = {}, path = '/mcp', capabilities = {} }: McpClientOptions = {},
): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities, ...(version === '2026-07-28' ? { versionNegotiation: { mode: { pin: version } } } : {}) },
  );
  const fetcher = async (url: string | URL, init?: RequestInit) => {
    const pending: Promise<unknown>[] = [];
    return app.fetch(
      new Request(url, init),
      {},
      {
        waitUntil: (work) => void pending.push(work),
        passThroughOnException: () => undefined,
        props: {},
      },
    );
  };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`http://auralink.test${path}`), {
      fetch: fetcher,
      requestInit: { headers: { authorization: `Bearer ${token}`, ...headers } },
    }),
  );
  return client;
}

/** What a tool answered, with its JSON parsed. */
export async function callMcpTool(client: Client, name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args });
  const [content] = result.content as { type: string; text: string }[];
  return {
    failed: result.isError === true,
    text: content!.text,
    body: result.structuredContent as Record<string, never> | undefined,
  };
}
