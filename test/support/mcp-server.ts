import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from '@hono/zod-openapi';

/** The address of the server in the stand-in of the internet. */
export const TOOL_SERVER = 'https://mcp.tools.example/mcp';

/** An MCP server of somebody else, by the official library, whose tools and faults a test sets. */
export class ToolServer {
  /** The credential that it takes; undefined for any. */
  token: string | undefined;
  /** Tools beside `echo` and `fail`. */
  moreTools: string[] = [];
  /** What it answers instead of speaking the protocol. */
  fault: (() => Response | Promise<Response>) | undefined;
  readonly received: Request[] = [];
  /** Without it, only the version 2025-11-25. */
  modern = true;

  readonly #handler = createMcpHandler(() => this.#build());

  #build(): McpServer {
    const server = new McpServer({ name: 'tools', version: '1' });
    const text = (content: string) => ({ content: [{ type: 'text' as const, text: content }] });
    const inputSchema = z.object({ text: z.string() });
    const annotations = { readOnlyHint: true };
    server.registerTool(
      'echo',
      { description: 'Answers what it was given.', inputSchema, annotations },
      ({ text: given }) => text(given),
    );
    server.registerTool('fail', { description: 'Fails.' }, () => ({ ...text('no'), isError: true }));
    for (const name of this.moreTools) server.registerTool(name, { description: name }, () => text(name));
    return server;
  }

  fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(url, init);
    this.received.push(request.clone());
    if (this.fault) return this.fault();
    if (this.token !== undefined && request.headers.get('authorization') !== `Bearer ${this.token}`)
      return new Response(null, { status: 401 });
    if (!this.modern && request.headers.get('mcp-method') === 'server/discover')
      return new Response(null, { status: 404 });
    return this.answer(request);
  };

  answer(request: Request): Promise<Response> {
    return this.#handler.fetch(request);
  }
}
