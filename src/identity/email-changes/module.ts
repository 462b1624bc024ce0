import { defineModule } from '../../kernel/modules/index.ts';
import { emailChangeEvents } from './email-changes.events.ts';
import { emailChangeRoutes } from './email-changes.routes.ts';
import { emailChangeSubscriptions } from './email-changes.subscriptions.ts';
import { purgeExpiredChanges } from './purge-expired-changes.ts';

export const emailChangesModule = defineModule({
  name: 'identity/email-changes',
  events: emailChangeEvents,
  subscriptions: emailChangeSubscriptions,
  routes: emailChangeRoutes,
  schedules: [{ name: 'email_changes.purge_expired', everyMinutes: 15, run: purgeExpiredChanges }],
  retention: {
    email_changes: { rule: 'expire', how: 'at expiresAt, within a day; and with its user' },
  },
});
