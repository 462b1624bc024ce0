import { defineModule } from '../../kernel/modules/index.ts';
import { reportRoutes } from './reports.routes.ts';
import { reportRuns } from './run-report.ts';

export const reportsModule = defineModule({
  name: 'analytics/reports',
  events: reportRuns.map(({ event }) => event),
  subscriptions: reportRuns.map(({ subscription }) => subscription),
  routes: reportRoutes,
  retention: {
    reports: { rule: 'cascade', how: 'with the organization; of a deleted user it does not keep the id' },
  },
});
