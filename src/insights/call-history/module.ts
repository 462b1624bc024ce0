import { defineModule } from '../../kernel/modules/index.ts';
import { callHistoryRoutes } from './call-history.routes.ts';

export const callHistoryModule = defineModule({
  name: 'insights/call-history',
  routes: callHistoryRoutes,
  tools: [
    { operation: 'listCalls', risk: 'read' },
    { operation: 'getCall', risk: 'read' },
    { operation: 'listCallParticipants', risk: 'read' },
    { operation: 'getCallTimeline', risk: 'read' },
  ],
});
