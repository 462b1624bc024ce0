import { defineModule } from '../modules/index.ts';
import { sweepIdempotencyRecords } from './sweep-idempotency-records.ts';

export const idempotencyModule = defineModule({
  name: 'kernel/idempotency',
  schedules: [{ name: 'idempotency.sweep', everyMinutes: 5, run: sweepIdempotencyRecords }],
  retention: { idempotency_records: { rule: 'expire', how: '24 hours after the first answer' } },
});
