import { defineModule } from '../../kernel/modules/index.ts';
import { sweepRuns } from './sweep-runs.ts';
import { workflowStepSubscriptions } from './workflow-steps.subscriptions.ts';

export const workflowStepsModule = defineModule({
  name: 'intelligence/workflow-steps',
  subscriptions: workflowStepSubscriptions,
  schedules: [{ name: 'workflow-steps.advance', everyMinutes: 5, run: sweepRuns }],
});
