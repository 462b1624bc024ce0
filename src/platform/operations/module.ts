import { defineModule } from '../../kernel/modules/index.ts';
import { operationRoutes } from './operations.routes.ts';
import { sweepOperations } from './sweep-operations.ts';

export const operationsModule = defineModule({
  name: 'platform/operations',
  routes: operationRoutes,
  tools: [
    { operation: 'listOperations', risk: 'read' },
    { operation: 'getOperation', risk: 'read' },
  ],
  schedules: [{ name: 'operations.sweep', everyMinutes: 5, run: sweepOperations }],
  retention: { operations: { rule: 'expire', how: 'with its result, at expiresAt' } },
});
