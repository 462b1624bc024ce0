import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { aiAlertChanged } from './ai-alerts.events.ts';
import { aiAlertRoutes } from './ai-alerts.routes.ts';
import { sendAlertMail } from './send-alert-mail.ts';
import { deleteOldAlerts, sweepAlerts } from './sweep-alerts.ts';

export const aiAlertsModule = defineModule({
  name: 'analytics/ai-alerts',
  events: [aiAlertChanged],
  subscriptions: [subscribe(aiAlertChanged, 'ai-alerts.send-mail', sendAlertMail, { timeLimitSeconds: 45 })],
  routes: aiAlertRoutes,
  schedules: [
    { name: 'ai_alerts.evaluate', everyMinutes: 5, run: sweepAlerts },
    { name: 'ai_alerts.expire', everyMinutes: 60, run: deleteOldAlerts },
  ],
  retention: {
    ai_thresholds: { rule: 'cascade', how: 'with the organization; it names no person' },
    ai_alerts: { rule: 'expire', how: '90 days after it was resolved; it names no person' },
  },
});
