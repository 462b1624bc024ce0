import { defineModule } from '../../kernel/modules/index.ts';
import { sweepRings } from './expire-rings.ts';
import { ringEvents } from './ringing.events.ts';
import { ringFrames } from './ringing.frames.ts';
import { ringRoutes } from './ringing.routes.ts';
import { ringSubscriptions } from './ringing.subscriptions.ts';

export const ringingModule = defineModule({
  name: 'people/ringing',
  events: ringEvents,
  subscriptions: ringSubscriptions,
  routes: ringRoutes,
  inboxFrames: ringFrames,
  schedules: [{ name: 'rings.sweep', everyMinutes: 1, run: sweepRings }],
  retention: {
    rings: { rule: 'expire', how: '90 days after they started; with either user and with the organization' },
  },
});
