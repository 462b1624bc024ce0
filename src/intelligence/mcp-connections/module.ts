import { memberRemoved, memberSuspended } from '../../identity/members/index.ts';
import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { resealHeaders } from './connection-headers.ts';
import { endGrants } from './mcp-connections.subscriptions.ts';
import { mcpConnectionRoutes } from './mcp-connections.routes.ts';

export const mcpConnectionsModule = defineModule({
  name: 'intelligence/mcp-connections',
  routes: mcpConnectionRoutes,
  tools: [{ operation: 'listMcpConnections', risk: 'read' }],
  subscriptions: [
    subscribe(memberRemoved, 'mcp-connections.end_grants', endGrants),
    subscribe(memberSuspended, 'mcp-connections.end_grants_of_suspended', endGrants),
  ],
  schedules: [{ name: 'mcp_connections.reseal', everyMinutes: 60, run: resealHeaders }],
  retention: {
    mcp_connections: {
      rule: 'cascade',
      how: 'with its organization; of a deleted user it does not keep the id',
    },
  },
});
