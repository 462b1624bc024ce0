import { defineModule } from '../modules/index.ts';
import { sweepDeliveries } from './publish.ts';

export const deliveryModule = defineModule({
  name: 'kernel/delivery',
  schedules: [{ name: 'outbox.sweep', everyMinutes: 1, run: sweepDeliveries }],
  retention: {
    deliveries: { rule: 'expire', how: 'with its event; a dead letter when an operator settles it' },
  },
  storeRetention: { OUTBOX: { rule: 'expire', how: 'a message names rows, holds none; gone when settled' } },
});
