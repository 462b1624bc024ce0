import { defineModule } from '../../kernel/modules/index.ts';
import { createConformanceFeatures } from './conformance-features.ts';

export const mcpConformanceModule = defineModule({
  name: 'intelligence/mcp-conformance',
  mcpFeatures: [
    async (services) =>
      services.config.MCP_TEST_TOOLS === 'on' ? createConformanceFeatures(services) : undefined,
  ],
});
