import { defineModule } from '../../kernel/modules/index.ts';
import { providerEventEvents } from './provider-events.events.ts';
import { providerEventRoutes } from './provider-events.routes.ts';
import { sweepProviderEvents } from './sweep-provider-events.ts';

export const providerEventsModule = defineModule({
  name: 'billing/provider-events',
  events: providerEventEvents,
  routes: providerEventRoutes,
  schedules: [{ name: 'provider_events.sweep', everyMinutes: 60, run: sweepProviderEvents }],
  retention: {
    provider_events: {
      rule: 'expire',
      how: '90 days after they were received; they hold ids of the provider only',
    },
  },
});
