/**
 * What the conformance suite runs as a client: connects to its server by our client, lists the tools and calls each of them, with the
 * arguments that the suite asks for or with some that fit the schema.
 */
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { useMcpServer } from '../../../src/intelligence/mcp-client/index.ts';

interface SuiteContext {
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
}

const url = process.argv.at(-1)!;
const { toolCalls = [] } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}') as SuiteContext;

const VALUES: Record<string, unknown> = { number: 5, integer: 5, string: 'text', boolean: true };

function argumentsFor(schema: Record<string, unknown>): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, { type?: string }>;
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type = 'string' }]) => [name, VALUES[type]]),
  );
}

const outgoing = createOutgoing({
  resolver: { resolve: async () => [] },
  allowed: [new URL(url).origin],
});
await useMcpServer(outgoing, { url, headers: {} }, async (server) => {
  const tools = await server.listTools();
  const calls =
    toolCalls.length > 0
      ? toolCalls
      : tools.map(({ name, inputSchema }) => ({ name, arguments: argumentsFor(inputSchema) }));
  for (const call of calls)
    await server
      .callTool(call.name, call.arguments)
      // Some tools of the suite are there to be listed only.
      .catch((error: unknown) => console.error(String(error)));
});
