import { defineModule } from '../../kernel/modules/index.ts';
import { runEvents } from './workflow-runs.events.ts';
import { runRoutes } from './workflow-runs.routes.ts';

export const workflowRunsModule = defineModule({
  name: 'intelligence/workflow-runs',
  events: runEvents,
  routes: runRoutes,
  retention: { workflow_runs: { rule: 'cascade', how: 'with its call' } },
});
