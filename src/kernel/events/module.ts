import { defineModule } from '../modules/index.ts';

export const eventsModule = defineModule({
  name: 'kernel/events',
  retention: {
    outbox: { rule: 'expire', how: 'seven days after publication, once all its deliveries are done' },
  },
});
