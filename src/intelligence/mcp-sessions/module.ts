import { defineModule } from '../../kernel/modules/index.ts';

export const mcpSessionsModule = defineModule({
  name: 'intelligence/mcp-sessions',
  storeRetention: {
    McpSessionBook: { rule: 'expire', how: 'an hour after its last use; it names no person' },
  },
});
