import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { phoneTransferRequested } from './phone-transfers.events.ts';
import { phoneTransferRoutes } from './phone-transfers.routes.ts';
import { makeTransfer } from './transfer-phone-call.ts';

export const phoneTransfersModule = defineModule({
  name: 'media/phone-transfers',
  events: [phoneTransferRequested],
  // It waits for the telephone that the call is transferred to, for up to 25 seconds.
  subscriptions: [
    subscribe(phoneTransferRequested, 'phone_calls.transfer', makeTransfer, { timeLimitSeconds: 40 }),
  ],
  routes: phoneTransferRoutes,
});
