import { defineModule } from '../../kernel/modules/index.ts';
import { resealHeaders } from './connection-headers.ts';
import { mcpConnectionSubscriptions } from './mcp-connections.subscriptions.ts';
import { mcpConnectionRoutes } from './mcp-connections.routes.ts';

export const mcpConnectionsModule = defineModule({
  name: 'intelligence/mcp-connections',
  routes: mcpConnectionRoutes,
  tools: [{ operation: 'listMcpConnections', risk: 'read' }],
  subscriptions: mcpConnectionSubscriptions,
  schedules: [{ name: 'mcp_connections.reseal', everyMinutes: 60, run: resealHeaders }],
  retention: {
    mcp_connections: {
      rule: 'cascade',
      how: 'with its organization; of a deleted user it does not keep the id',
    },
  },
});
