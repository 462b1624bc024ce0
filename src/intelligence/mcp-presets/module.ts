import { defineModule } from '../../kernel/modules/index.ts';
import { presetRoutes } from './mcp-presets.routes.ts';

export const mcpPresetsModule = defineModule({
  name: 'intelligence/mcp-presets',
  routes: presetRoutes,
  tools: [{ operation: 'listMcpPresets', risk: 'read' }],
});
