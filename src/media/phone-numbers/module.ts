import { defineModule } from '../../kernel/modules/index.ts';
import { sweepNumbersOfClusters, sweepPhoneNumbers } from './follow-phone-numbers.ts';
import { resealNumberPasswords } from './number-password.ts';
import { phoneNumberEvents } from './phone-numbers.events.ts';
import { phoneNumberRoutes } from './phone-numbers.routes.ts';
import { phoneNumberSubscriptions } from './phone-numbers.subscriptions.ts';

export const phoneNumbersModule = defineModule({
  name: 'media/phone-numbers',
  events: phoneNumberEvents,
  subscriptions: phoneNumberSubscriptions,
  routes: phoneNumberRoutes,
  schedules: [
    { name: 'phone_numbers.sweep', everyMinutes: 1, run: sweepPhoneNumbers },
    { name: 'phone_numbers.sweep_clusters', everyMinutes: 1, run: sweepNumbersOfClusters },
    { name: 'phone_numbers.reseal', everyMinutes: 60, run: resealNumberPasswords },
  ],
  retention: {
    phone_numbers: {
      rule: 'cascade',
      how: 'with its organization; the id of a deleted user is removed',
    },
  },
});
