import { defineModule } from '../../kernel/modules/index.ts';
import { aiAnalyticsRoutes } from './ai-analytics.routes.ts';
import { aiAnalyticsSubscriptions } from './ai-analytics.subscriptions.ts';
import { refreshAiBuckets } from './refresh-ai-buckets.ts';

export const aiAnalyticsModule = defineModule({
  name: 'analytics/ai-analytics',
  routes: aiAnalyticsRoutes,
  subscriptions: aiAnalyticsSubscriptions,
  schedules: [{ name: 'ai_analytics.refresh', everyMinutes: 1, run: refreshAiBuckets }],
  tools: [{ operation: 'getAiAnalytics', risk: 'read' }],
  retention: {
    analytics_ai_buckets: { rule: 'cascade', how: 'with the organization; it names no person' },
    analytics_ai_hours: { rule: 'cascade', how: 'with the organization; it names no person' },
    analytics_ai_dirty: { rule: 'cascade', how: 'with the organization; deleted once it is computed' },
  },
});
