import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { advancePhoneNumber } from './advance-phone-number.ts';
import { removeNumberAtCluster } from './follow-phone-numbers.ts';
import { phoneNumberChanged, phoneNumberReleased } from './phone-numbers.events.ts';

export const phoneNumberSubscriptions: readonly Subscription[] = [
  subscribe(phoneNumberChanged, 'phone_numbers.advance', (ctx, { phoneNumberId }) =>
    advancePhoneNumber(ctx, phoneNumberId),
  ),
  subscribe(phoneNumberReleased, 'phone_numbers.remove', removeNumberAtCluster),
];
