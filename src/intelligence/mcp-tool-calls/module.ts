import { defineModule } from '../../kernel/modules/index.ts';
import { toolCallRoutes } from './mcp-tool-calls.routes.ts';
import { sweepCalls } from './sweep-calls.ts';

export const mcpToolCallsModule = defineModule({
  name: 'intelligence/mcp-tool-calls',
  routes: toolCallRoutes,
  tools: [{ operation: 'getMcpConnectionUsage', risk: 'read' }],
  schedules: [{ name: 'mcp_connections.sweep_calls', everyMinutes: 60, run: sweepCalls }],
  retention: {
    mcp_tool_calls: { rule: 'expire', how: 'after 90 days, and with its connection; it names no person' },
  },
});
