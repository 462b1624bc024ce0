import { defineModule } from '../../kernel/modules/index.ts';
import { compressionAlertEvents } from './compression-alerts.events.ts';
import { compressionAlertRoutes } from './compression-alerts.routes.ts';
import { deleteOldAlerts, sweepAlerts } from './sweep-alerts.ts';

export const compressionAlertsModule = defineModule({
  name: 'media/compression-alerts',
  events: compressionAlertEvents,
  routes: compressionAlertRoutes,
  schedules: [
    { name: 'compression_alerts.evaluate', everyMinutes: 1, run: sweepAlerts },
    { name: 'compression_alerts.expire', everyMinutes: 60, run: deleteOldAlerts },
  ],
  retention: {
    compression_alerts: {
      rule: 'expire',
      how: '90 days after it was resolved, or with its call; it names no person but the resolver',
    },
  },
});
