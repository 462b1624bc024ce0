import { defineModule } from '../../kernel/modules/index.ts';
import { workflowRoutes } from './meeting-workflows.routes.ts';

export const meetingWorkflowsModule = defineModule({
  name: 'intelligence/meeting-workflows',
  routes: workflowRoutes,
  retention: { meeting_workflows: { rule: 'cascade', how: 'with its organization' } },
});
