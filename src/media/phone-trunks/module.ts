import { defineModule } from '../../kernel/modules/index.ts';
import { phoneTrunkEvents } from './phone-trunks.events.ts';
import { phoneTrunkRoutes } from './phone-trunks.routes.ts';
import { resealPasswords } from './trunk-password.ts';

export const phoneTrunksModule = defineModule({
  name: 'media/phone-trunks',
  events: phoneTrunkEvents,
  routes: phoneTrunkRoutes,
  schedules: [{ name: 'phone_trunks.reseal', everyMinutes: 60, run: resealPasswords }],
  retention: {
    phone_trunks: {
      rule: 'cascade',
      how: 'with its organization; the id of a deleted user is removed',
    },
  },
});
