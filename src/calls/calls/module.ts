import { defineModule } from '../../kernel/modules/index.ts';
import { callEvents } from './calls.events.ts';
import { callMeters } from './calls.meters.ts';

export const callsModule = defineModule({
  name: 'calls/calls',
  events: callEvents,
  meters: callMeters,
  retention: {
    calls: { rule: 'cascade', how: 'with its room' },
    call_participants: {
      rule: 'anonymise',
      how: 'with its call; erasing a person deletes the name and replaces the identity, the times stay',
    },
    call_connections: { rule: 'cascade', how: 'with its call' },
    call_tracks: { rule: 'cascade', how: 'with its call' },
  },
});
