import { defineModule } from '../../kernel/modules/index.ts';
import { forgetHolds } from './forget-holds.ts';

export const includedUseModule = defineModule({
  name: 'calls/included-use',
  schedules: [{ name: 'included_use.forget_holds', everyMinutes: 15, run: forgetHolds }],
  retention: {
    included_uses: { rule: 'cascade', how: 'with the organization; it names no person' },
    included_holds: { rule: 'expire', how: 'at endsAt, within half an hour; with the organization' },
  },
});
