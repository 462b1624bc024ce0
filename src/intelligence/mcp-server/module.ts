import { defineModule } from '../../kernel/modules/index.ts';
import { mcpServerRoutes } from './mcp-server.routes.ts';

export const mcpServerModule = defineModule({
  name: 'intelligence/mcp-server',
  routes: mcpServerRoutes,
});
