import { defineModule } from '../../kernel/modules/index.ts';
import { sweepPhoneCalls } from './follow-phone-calls.ts';
import { phoneCallEvents } from './phone-calls.events.ts';
import { phoneMinutes } from './phone-calls.meters.ts';
import { phoneCallRoutes } from './phone-calls.routes.ts';
import { phoneCallSubscriptions } from './phone-calls.subscriptions.ts';

export const phoneCallsModule = defineModule({
  name: 'media/phone-calls',
  events: phoneCallEvents,
  subscriptions: phoneCallSubscriptions,
  routes: phoneCallRoutes,
  meters: [phoneMinutes],
  schedules: [{ name: 'phone_calls.sweep', everyMinutes: 1, run: sweepPhoneCalls }],
  retention: { phone_calls: { rule: 'cascade', how: 'with its room' } },
});
