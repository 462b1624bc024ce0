import { defineModule } from '../../kernel/modules/index.ts';
import { overageRoutes } from './overage.routes.ts';
import { reportOverage } from './report-overage.ts';

export const overageModule = defineModule({
  name: 'billing/overage',
  routes: overageRoutes,
  tools: [{ operation: 'getUsageSummary', risk: 'read' }],
  schedules: [{ name: 'overage.report', everyMinutes: 30, run: reportOverage }],
  retention: {
    overage_months: { rule: 'cascade', how: 'with the organization; it names no person' },
    overage_attempts: { rule: 'cascade', how: 'with the organization; it names no person' },
    overage_reports: { rule: 'cascade', how: 'with the organization; it names no person' },
  },
});
