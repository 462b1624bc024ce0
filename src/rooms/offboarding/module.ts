import { defineModule } from '../../kernel/modules/index.ts';
import { offboardingEvents } from './offboarding.events.ts';
import { offboardingSubscriptions } from './offboarding.subscriptions.ts';

export const offboardingModule = defineModule({
  name: 'rooms/offboarding',
  events: offboardingEvents,
  subscriptions: offboardingSubscriptions,
});
