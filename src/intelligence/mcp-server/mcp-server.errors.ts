import { defineErrors } from '../../kernel/core/index.ts';

export const mcpServerErrors = defineErrors('mcp', {
  originRefused: { status: 403, title: 'Pages of this origin may not use the MCP server' },
  hostRefused: { status: 403, title: 'The request names another host than the MCP server' },
  sessionNotFound: { status: 404, title: 'The session was not found, or has ended' },
});
