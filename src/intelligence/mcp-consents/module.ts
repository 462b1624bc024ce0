import { defineModule } from '../../kernel/modules/index.ts';
import { sweepConsents } from './give-consent.ts';
import { mcpConsentRoutes } from './mcp-consents.routes.ts';

export const mcpConsentsModule = defineModule({
  name: 'intelligence/mcp-consents',
  routes: mcpConsentRoutes,
  schedules: [{ name: 'mcp_consents.sweep', everyMinutes: 60, run: sweepConsents }],
  retention: {
    mcp_consents: { rule: 'expire', how: 'after ten minutes, and with its connection and its person' },
  },
});
