import { defineModule } from '../../kernel/modules/index.ts';
import { callEvents } from './calls.events.ts';
import { callMeters } from './calls.meters.ts';
import { callSubscriptions } from './calls.subscriptions.ts';

export const callsModule = defineModule({
  name: 'calls/calls',
  events: callEvents,
  meters: callMeters,
  subscriptions: callSubscriptions,
  retention: {
    calls: { rule: 'cascade', how: 'with its room' },
    call_participants: {
      rule: 'anonymise',
      how: 'with its call; erasing a person deletes the name: the times stay, and the identity, which then names nobody',
    },
    call_connections: { rule: 'cascade', how: 'with its call' },
    call_tracks: { rule: 'cascade', how: 'with its call' },
  },
});
