import { defineModule } from '../../kernel/modules/index.ts';
import { endUnpaidCalls } from './end-unpaid-calls.ts';

export const minutesModule = defineModule({
  name: 'calls/minutes',
  schedules: [{ name: 'minutes.end_unpaid', everyMinutes: 1, run: endUnpaidCalls }],
  retention: {
    minute_budgets: { rule: 'cascade', how: 'with the organization; it names no person' },
    minute_reserves: { rule: 'cascade', how: 'with the call' },
    used_up_minutes: { rule: 'cascade', how: 'with the organization; gone once it has minutes' },
  },
});
