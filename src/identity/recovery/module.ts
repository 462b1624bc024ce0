import { defineModule } from '../../kernel/modules/index.ts';
import { purgeExpiredVerifications } from './purge-expired-verifications.ts';
import { recoveryEvents } from './recovery.events.ts';
import { recoveryRoutes } from './recovery.routes.ts';
import { recoverySubscriptions } from './recovery.subscriptions.ts';

export const recoveryModule = defineModule({
  name: 'identity/recovery',
  events: recoveryEvents,
  subscriptions: recoverySubscriptions,
  routes: recoveryRoutes,
  schedules: [{ name: 'verifications.purge_expired', everyMinutes: 15, run: purgeExpiredVerifications }],
  retention: {
    verifications: { rule: 'expire', how: 'at expiresAt, within a day' },
  },
});
