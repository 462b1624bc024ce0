import { defineModule } from '../../kernel/modules/index.ts';
import { insightRoutes } from './cost-insights.routes.ts';
import { measureInsights } from './measure-insights.ts';

export const costInsightsModule = defineModule({
  name: 'analytics/cost-insights',
  routes: insightRoutes,
  schedules: [{ name: 'cost_insights.measure', everyMinutes: 5, run: measureInsights }],
  retention: {
    cost_insights: { rule: 'cascade', how: 'with the organization; it names no person' },
    cost_insight_runs: { rule: 'cascade', how: 'with the organization' },
  },
});
